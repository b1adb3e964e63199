using System.Globalization;
using System.Reflection;

namespace Dewy.HelpBuilder;

/// <summary>Reads cmdlets from an assembly without running it: what it refers to need not be loadable.</summary>
internal static class CmdletReader
{
    private const string Automation = "System.Management.Automation.";

    public static IReadOnlyList<CmdletFacts> Read(string assemblyFile, IEnumerable<string> referenceFiles)
    {
        using var context = new MetadataLoadContext(new PathAssemblyResolver([assemblyFile, .. referenceFiles]));
        return
        [
            .. context.LoadFromAssemblyPath(assemblyFile).GetExportedTypes()
                .Where(type => !type.IsAbstract && Attribute(type, "CmdletAttribute") is not null)
                .Select(ReadCmdlet)
                .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
        ];
    }

    private static CmdletFacts ReadCmdlet(Type type)
    {
        var cmdlet = Attribute(type, "CmdletAttribute") ?? throw new InvalidOperationException($"{type} is no cmdlet.");
        var parameters = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => Attribute(property, "ParameterAttribute") is not null)
            .Select(ReadParameter);
        if (Named(cmdlet, "SupportsShouldProcess") is true)
        {
            parameters = parameters.Concat([
                new ParameterFacts("WhatIf", "SwitchParameter", IsList: false, IsSwitch: true, [new ParameterUse(null, false, null, false, false)]) { Aliases = ["wi"] },
                new ParameterFacts("Confirm", "SwitchParameter", IsList: false, IsSwitch: true, [new ParameterUse(null, false, null, false, false)]) { Aliases = ["cf"] },
            ]);
        }

        return new CmdletFacts(
            Text(cmdlet.ConstructorArguments[0]),
            Text(cmdlet.ConstructorArguments[1]),
            [.. parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)],
            [.. Attributes(type, "OutputTypeAttribute").SelectMany(output => Items(output.ConstructorArguments[0])).Select(TypeName)])
        {
            DefaultSet = Named(cmdlet, "DefaultParameterSetName") as string,
        };
    }

    private static ParameterFacts ReadParameter(PropertyInfo property)
    {
        var type = property.PropertyType;
        if (type is { IsGenericType: true } && type.GetGenericTypeDefinition().FullName is "System.Nullable`1")
            type = type.GetGenericArguments()[0];
        var element = type.IsArray ? type.GetElementType() ?? type : type;
        return new ParameterFacts(
            property.Name,
            type.Name,
            type.IsArray,
            type.Name is "SwitchParameter",
            [.. Attributes(property, "ParameterAttribute").Select(ReadUse)])
        {
            Aliases = Words(property, "AliasAttribute"),
            Words = element.IsEnum ? [.. element.GetEnumNames()] : Words(property, "ValidateSetAttribute"),
            Wildcards = Attribute(property, "SupportsWildcardsAttribute") is not null,
        };
    }

    private static ParameterUse ReadUse(CustomAttributeData parameter) => new(
        Named(parameter, "ParameterSetName") as string,
        Named(parameter, "Mandatory") is true,
        Named(parameter, "Position") as int?,
        Named(parameter, "ValueFromPipeline") is true,
        Named(parameter, "ValueFromPipelineByPropertyName") is true);

    private static IReadOnlyList<string> Words(MemberInfo member, string attribute) =>
        Attribute(member, attribute) is { } data ? [.. data.ConstructorArguments.SelectMany(Items).Select(Text)] : [];

    private static IEnumerable<CustomAttributeTypedArgument> Items(CustomAttributeTypedArgument argument) =>
        argument.Value is IEnumerable<CustomAttributeTypedArgument> items ? items : [argument];

    private static string Text(CustomAttributeTypedArgument argument) => Convert.ToString(argument.Value, CultureInfo.InvariantCulture) ?? "";

    private static string TypeName(CustomAttributeTypedArgument argument) => (argument.Value as Type)?.FullName ?? Text(argument);

    private static object? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => string.Equals(argument.MemberName, name, StringComparison.Ordinal)).TypedValue.Value;

    private static CustomAttributeData? Attribute(MemberInfo member, string name) => Attributes(member, name).FirstOrDefault();

    private static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(data => string.Equals(data.AttributeType.FullName, Automation + name, StringComparison.Ordinal));
}
