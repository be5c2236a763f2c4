using System.Text.RegularExpressions;

namespace Wuts.Architecture.Tests;

public sealed partial class SerializedContractTests
{
    [Fact]
    public void Whatever_crosses_the_wire_has_a_stable_name() => Assert.All(
        Declarations(),
        d => Assert.True(d.Attributes.Contains("Alias("), $"{d.File}: {d.Name} has [GenerateSerializer] and no [Alias]"));

    [Fact]
    public void No_two_contracts_have_the_same_name()
    {
        var aliases = Declarations().Select(d => AliasName().Match(d.Attributes).Groups[1].Value);

        Assert.Equal(aliases.Order(), aliases.Distinct().Order());
    }

    [Fact]
    public void Every_grain_method_has_a_stable_name() => Assert.All(
        SourceTree.Files("src/Wuts.Grains.Abstractions", "I*Grain.cs"),
        file =>
        {
            var text = File.ReadAllText(file);
            Assert.Equal(GrainMethod().Count(text), MethodAlias().Count(text));
        });

    private static IEnumerable<(string File, string Name, string Attributes)> Declarations() =>
        from file in SourceTree.Files("src", "*.cs")
        where !SourceTree.Relative(file).Contains("Orleans.InProcess")
        from Match match in Contract().Matches(File.ReadAllText(file))
        select (SourceTree.Relative(file), match.Groups["name"].Value, match.Groups["attributes"].Value);

    [GeneratedRegex(@"(?<attributes>\[GenerateSerializer[^\n]*)\n\s*(public|internal) (sealed |abstract )?(record|class|struct) (?<name>\w+)")]
    private static partial Regex Contract();

    [GeneratedRegex(@"Alias\(""([^""]+)""\)")]
    private static partial Regex AliasName();

    [GeneratedRegex(@"^    (Task|ValueTask)", RegexOptions.Multiline)]
    private static partial Regex GrainMethod();

    [GeneratedRegex(@"^    \[[^\n]*Alias\(""[^""]+""\)[^\n]*\]\n    (Task|ValueTask)", RegexOptions.Multiline)]
    private static partial Regex MethodAlias();
}
