using System.Net;
using Dewy.TestReplica;
using Microsoft.AspNetCore.Server.Kestrel.Core;

// A program behind the proxy: listens where PORT says, and on PORT_2 for HTTP/2 (gRPC), on PORT_3 as on PORT; tells its version in every answer.

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = null;
    kestrel.Limits.MinRequestBodyDataRate = null;
    kestrel.Limits.MinResponseDataRate = null;
    Listen(kestrel, "PORT", HttpProtocols.Http1);
    Listen(kestrel, "PORT_2", HttpProtocols.Http2);
    Listen(kestrel, "PORT_3", HttpProtocols.Http1);
});
var app = builder.Build();
app.UseWebSockets();
var version = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "a-version.txt")).Trim();
app.Run(new Replica(version).AnswerAsync);
Console.WriteLine($"{version} began");
await app.RunAsync();
Console.WriteLine($"{version} is done");

static void Listen(KestrelServerOptions kestrel, string variable, HttpProtocols protocols)
{
    if (int.TryParse(Environment.GetEnvironmentVariable(variable), out var port))
        kestrel.Listen(IPAddress.Parse(Environment.GetEnvironmentVariable("HOST") ?? "127.0.0.1"), port, listen => listen.Protocols = protocols);
}
