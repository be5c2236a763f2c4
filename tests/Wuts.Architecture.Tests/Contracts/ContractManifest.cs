using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Wuts.Architecture.Tests.Contracts;

/// <summary>Part of a contract.</summary>
/// <param name="Key">What it is called on the wire: an id, a number, an alias.</param>
/// <param name="Name">What it is called in code, with what else may change without harm.</param>
/// <param name="Shape">What both sides must agree on: a type, a signature.</param>
internal sealed record ContractPart(string Key, string Name, string Shape);

/// <summary>Something that processes of two versions must understand in the same way.</summary>
/// <param name="Kind"><c>type</c>, <c>enum</c>, <c>interface</c> or <c>grain</c>.</param>
/// <param name="Name">What it is called on the wire.</param>
/// <param name="Base">The base type, or what an enum is stored as; empty without.</param>
internal sealed record Contract(string Kind, string Name, string Base, ImmutableArray<ContractPart> Parts)
{
    public string Title => $"{Kind} {Name}";
}

/// <summary>All contracts, as text that a person can review: a line for each contract, under it an indented line for each part.</summary>
internal sealed partial record ContractManifest(ImmutableArray<Contract> Contracts)
{
    private const string Head =
        """
        # What processes say to each other: every type, enum, grain interface and grain. A rolling upgrade has two versions of it at work.
        # Not to be edited: WUTS_WRITE_CONTRACTS=1 dotnet test tests/Wuts.Architecture.Tests --filter Contracts
        """;

    public static ContractManifest Parse(string text)
    {
        var contracts = ImmutableArray.CreateBuilder<Contract>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#'))
        {
            var match = line[0] == ' ' ? PartLine().Match(line) : ContractLine().Match(line);
            if (!match.Success)
            {
                throw new FormatException($"A manifest of contracts has no such line: '{line}'.");
            }

            string Group(string name) => match.Groups[name].Value;
            if (line[0] == ' ')
            {
                contracts[^1] = contracts[^1] with { Parts = contracts[^1].Parts.Add(new(Group("key"), Group("name"), Group("shape"))) };
            }
            else
            {
                contracts.Add(new(Group("kind"), Group("name"), Group("base"), []));
            }
        }

        return new(contracts.ToImmutable());
    }

    public override string ToString()
    {
        var text = new StringBuilder(Head).Append('\n');
        foreach (var contract in Contracts.OrderBy(contract => contract.Title, StringComparer.Ordinal))
        {
            text.Append('\n').Append(contract.Title).Append(contract.Base.Length > 0 ? $" : {contract.Base}" : "").Append('\n');
            foreach (var part in contract.Parts)
            {
                text.Append($"  {part.Key}").Append(part.Name.Length > 0 ? $"  {part.Name}" : "")
                    .Append(part.Shape.Length > 0 ? $" : {part.Shape}" : "").Append('\n');
            }
        }

        return text.ToString();
    }

    [GeneratedRegex(@"^(?<kind>\w+) (?<name>\S+)( : (?<base>\S+))?$")]
    private static partial Regex ContractLine();

    [GeneratedRegex(@"^  (?<key>\S+)(  (?<name>.+?))?( : (?<shape>.+))?$")]
    private static partial Regex PartLine();
}
