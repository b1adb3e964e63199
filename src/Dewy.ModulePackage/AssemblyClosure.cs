namespace Dewy.ModulePackage;

/// <summary>What the engine's assemblies need, directly or through others, that neither they nor the platform have.</summary>
/// <param name="engine">The assemblies to start from; all of them are shipped.</param>
/// <param name="sources">Where what is missing is taken from, in this order.</param>
/// <param name="known">Names that are there anyway: the runtime's own, the contract.</param>
internal sealed class AssemblyClosure(AssemblyFolder engine, IReadOnlyList<AssemblyFolder> sources, IReadOnlySet<string> known)
{
    /// <summary>Assemblies of ASP.NET Core that are not named after it.</summary>
    private static readonly HashSet<string> AspNetCoreByOtherName = new(StringComparer.OrdinalIgnoreCase) { "Microsoft.Extensions.Features", "Microsoft.Net.Http.Headers" };

    /// <summary>Whether an assembly is ASP.NET Core's own: only web servers use it, and it is not to be had without a platform.</summary>
    public static bool IsAspNetCore(string name) =>
        name.StartsWith("Microsoft.AspNetCore", StringComparison.OrdinalIgnoreCase) || AspNetCoreByOtherName.Contains(name);

    /// <summary>Files of what is missing, by name.</summary>
    /// <param name="follow">False for names that are neither taken nor followed.</param>
    /// <exception cref="PackagingException">Nobody has an assembly. The message says who wants it.</exception>
    public IReadOnlyList<string> Find(Func<string, bool> follow)
    {
        var taken = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var waiting = new Queue<string>(engine.Names.Select(name => engine.Find(name)).OfType<string>());
        var nowhere = new SortedSet<string>(StringComparer.Ordinal);
        while (waiting.TryDequeue(out var file))
        {
            foreach (var name in AssemblyFolder.ReferencesOf(file))
            {
                if (known.Contains(name) || engine.Find(name) is not null || taken.ContainsKey(name) || !follow(name))
                    continue;
                if (sources.Select(source => source.Find(name)).FirstOrDefault(found => found is not null) is not { } found)
                {
                    nowhere.Add($"{name} (wanted by {Path.GetFileName(file)})");
                    continue;
                }

                taken.Add(name, found);
                waiting.Enqueue(found);
            }
        }

        return nowhere.Count == 0 ? [.. taken.Values] : throw new PackagingException($"Nobody has these assemblies: {string.Join(", ", nowhere)}. Reference a package that does.");
    }
}
