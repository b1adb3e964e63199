// The application of the quickstart: a small web program that Dewy keeps at its newest release.
// It listens on the sockets it inherits (LISTEN_FDS, as systemd's socket activation has it), or else on PORT (8080 in a
// container that says nothing), and tells its version.

var version = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "version.txt")).Trim();

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    var count = int.TryParse(Environment.GetEnvironmentVariable("LISTEN_FDS"), out var given) ? given : 0;
    for (var descriptor = 3; descriptor < 3 + count; descriptor++)
        kestrel.ListenHandle((ulong)descriptor);
    if (count == 0)
        kestrel.ListenAnyIP(int.TryParse(Environment.GetEnvironmentVariable("PORT"), out var port) ? port : 8080);
});
var app = builder.Build();
app.MapGet("/health", () => "healthy");
app.MapGet("/", () => version);
Console.WriteLine($"{version} is listening");
await app.RunAsync();
Console.WriteLine($"{version} is done");
