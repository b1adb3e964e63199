using System.Globalization;

namespace Dewy.Benchmarks.Proxy;

/// <summary>The proxies there are, each set up as its makers advise for many kept-alive connections.</summary>
internal static class Contenders
{
    public const string Own = "dewy";
    public const string Go = "go";
    public const string Nginx = "nginx";

    public static IReadOnlyList<Contender> All { get; } =
    [
        new(Own, null, IsTcp: false, (_, port, backend) => Task.FromResult(OwnCommand("http", port, backend))),
        new(Nginx, "nginx", IsTcp: false, PrepareNginxAsync),
        new("haproxy", "haproxy", IsTcp: false, (directory, port, backend) => PrepareHaproxyAsync(directory, port, backend, "http")),
        new(Go, "go", IsTcp: false, (directory, port, backend) => PrepareGoAsync(directory, port, backend, "goproxy", GoSources.ReverseProxy)),
        new("caddy", "caddy", IsTcp: false, PrepareCaddyAsync),
        new(Own, null, IsTcp: true, (_, port, backend) => Task.FromResult(OwnCommand("tcp", port, backend))),
        new("haproxy", "haproxy", IsTcp: true, (directory, port, backend) => PrepareHaproxyAsync(directory, port, backend, "tcp")),
        new(Go, "go", IsTcp: true, (directory, port, backend) => PrepareGoAsync(directory, port, backend, "gocopier", GoSources.TcpCopier)),
    ];

    /// <summary>The backend of all of them: answers from memory and from a file.</summary>
    public static async Task<string[]> PrepareBackendAsync(string directory, int port)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, "100k"), new string('x', 100 * 1024));
        return await PrepareNginxAsync(directory, "backend.conf", workers: "1", $$"""
            server {
                listen 127.0.0.1:{{port}} backlog=4096;
                location = /1k { return 200 "{{new string('x', 1024)}}"; }
                location = /100k { root {{directory}}; }
            }
            """);
    }

    private static string[] OwnCommand(string kind, int port, int backend)
    {
        string[] arguments = [OwnProxy.Word, kind, Text(port), Text(backend)];
        var program = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(program) is "dotnet"
            ? [program, typeof(Contenders).Assembly.Location, .. arguments]
            : [program, .. arguments];
    }

    private static Task<string[]> PrepareNginxAsync(string directory, int port, int backend) => PrepareNginxAsync(directory, "nginx.conf", workers: "auto", $$"""
        upstream app { server 127.0.0.1:{{backend}}; keepalive 512; keepalive_requests 1000000000; }
        server {
            listen 127.0.0.1:{{port}} backlog=4096;
            location / {
                proxy_pass http://app;
                proxy_http_version 1.1;
                proxy_set_header Connection "";
                proxy_set_header Host $host;
                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                proxy_set_header X-Forwarded-Proto $scheme;
                proxy_set_header X-Forwarded-Host $host;
            }
        }
        """);

    private static async Task<string[]> PrepareNginxAsync(string directory, string name, string workers, string servers)
    {
        var user = Environment.UserName is "root" ? "user root;" : "";
        var file = Path.Combine(directory, name);
        await File.WriteAllTextAsync(file, $$"""
            daemon off;
            {{user}}
            worker_processes {{workers}};
            pid {{file}}.pid;
            error_log /dev/null crit;
            events { worker_connections 8192; }
            http {
                access_log off;
                sendfile on;
                keepalive_requests 1000000000;
                client_body_temp_path {{file}}.body;
                proxy_temp_path {{file}}.proxy;
                fastcgi_temp_path {{file}}.fastcgi;
                uwsgi_temp_path {{file}}.uwsgi;
                scgi_temp_path {{file}}.scgi;
                {{servers}}
            }
            """);
        return ["nginx", "-c", file];
    }

    private static async Task<string[]> PrepareHaproxyAsync(string directory, int port, int backend, string mode)
    {
        var file = Path.Combine(directory, $"haproxy-{mode}.cfg");
        await File.WriteAllTextAsync(file, $"""
            global
                maxconn 8192
            defaults
                mode {mode}
                timeout connect 5s
                timeout client 300s
                timeout server 300s
                {(mode is "http" ? "option forwardfor" : "")}
            frontend in
                bind 127.0.0.1:{port}
                default_backend app
            backend app
                server app 127.0.0.1:{backend} check inter 5s

            """);
        return ["haproxy", "-db", "-q", "-f", file];
    }

    private static async Task<string[]> PrepareCaddyAsync(string directory, int port, int backend)
    {
        var file = Path.Combine(directory, "Caddyfile");
        await File.WriteAllTextAsync(file, $$"""
            {
                admin off
                auto_https off
            }
            http://127.0.0.1:{{port}} {
                reverse_proxy 127.0.0.1:{{backend}} {
                    transport http {
                        keepalive_idle_conns_per_host 1024
                    }
                }
            }

            """);
        return ["caddy", "run", "--adapter", "caddyfile", "--config", file];
    }

    private static async Task<string[]> PrepareGoAsync(string directory, int port, int backend, string name, string source)
    {
        var folder = Directory.CreateDirectory(Path.Combine(directory, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "go.mod"), $"module {name}\n\ngo 1.19\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "main.go"), source);
        await ProxyProcess.RunToEndAsync(["go", "build", "-o", name, "."], folder, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GOFLAGS"] = "-mod=mod",
            ["GOPROXY"] = "off",
            ["GOTOOLCHAIN"] = "local",
            ["GOCACHE"] = Path.Combine(directory, "go-cache"),
        });
        return [Path.Combine(folder, name), Text(port), Text(backend)];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
