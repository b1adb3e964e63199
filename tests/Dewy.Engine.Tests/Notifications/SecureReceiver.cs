using System.Security.Cryptography.X509Certificates;
using Dewy.Tests.Grpc;
using Dewy.Tests.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Dewy.Engine.Tests.Notifications;

/// <summary>Takes everything, behind a certificate that nobody trusts.</summary>
internal sealed class SecureReceiver : LoopbackServer
{
    private readonly X509Certificate2 _certificate = TestCertificate.Create();

    protected override void Listen(ListenOptions listen)
    {
        base.Listen(listen);
        listen.UseHttps(_certificate);
    }

    protected override void Configure(Microsoft.AspNetCore.Builder.WebApplicationBuilder builder) => builder.WebHost.UseKestrelHttpsConfiguration();

    protected override ValueTask CloseAsync()
    {
        _certificate.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override Task ServeAsync(HttpContext context) => AnswerAsync(context, 200, "");
}
