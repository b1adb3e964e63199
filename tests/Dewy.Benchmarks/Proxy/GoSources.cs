namespace Dewy.Benchmarks.Proxy;

/// <summary>The two programs in Go that ours is held against, as one would write them there.</summary>
internal static class GoSources
{
    public const string ReverseProxy = """
        package main

        import (
            "net/http"
            "net/http/httputil"
            "net/url"
            "os"
            "time"
        )

        func main() {
            target, err := url.Parse("http://127.0.0.1:" + os.Args[2])
            if err != nil {
                panic(err)
            }
            proxy := httputil.NewSingleHostReverseProxy(target)
            transport := http.DefaultTransport.(*http.Transport).Clone()
            transport.MaxIdleConns = 1024
            transport.MaxIdleConnsPerHost = 1024
            transport.DisableCompression = true
            proxy.Transport = transport
            server := &http.Server{Addr: "127.0.0.1:" + os.Args[1], Handler: proxy, ReadHeaderTimeout: 15 * time.Second, IdleTimeout: 300 * time.Second}
            panic(server.ListenAndServe())
        }

        """;

    public const string TcpCopier = """
        package main

        import (
            "io"
            "net"
            "os"
        )

        func copyOneWay(to, from *net.TCPConn, done chan struct{}) {
            io.Copy(to, from)
            to.CloseWrite()
            done <- struct{}{}
        }

        func serve(client *net.TCPConn, address *net.TCPAddr) {
            defer client.Close()
            backend, err := net.DialTCP("tcp", nil, address)
            if err != nil {
                return
            }
            defer backend.Close()
            done := make(chan struct{}, 2)
            go copyOneWay(backend, client, done)
            go copyOneWay(client, backend, done)
            <-done
            <-done
        }

        func main() {
            address, err := net.ResolveTCPAddr("tcp", "127.0.0.1:"+os.Args[2])
            if err != nil {
                panic(err)
            }
            own, err := net.ResolveTCPAddr("tcp", "127.0.0.1:"+os.Args[1])
            if err != nil {
                panic(err)
            }
            listener, err := net.ListenTCP("tcp", own)
            if err != nil {
                panic(err)
            }
            for {
                client, err := listener.AcceptTCP()
                if err != nil {
                    panic(err)
                }
                go serve(client, address)
            }
        }

        """;
}
