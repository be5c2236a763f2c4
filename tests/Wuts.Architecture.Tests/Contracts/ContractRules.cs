using System.Collections.Immutable;

namespace Wuts.Architecture.Tests.Contracts;

/// <summary>A difference between the contracts of two versions.</summary>
/// <param name="Breaks">Whether processes of the two would misunderstand each other.</param>
internal sealed record ContractChange(bool Breaks, string Sentence);

/// <summary>What a new version may change while processes of the version before are still at work.</summary>
internal static class ContractRules
{
    public static ImmutableArray<ContractChange> Compare(ContractManifest before, ContractManifest after)
    {
        var known = before.Contracts.ToDictionary(contract => contract.Title);
        var now = after.Contracts.ToDictionary(contract => contract.Title);
        var added = after.Contracts.Where(contract => !known.ContainsKey(contract.Title)).ToArray();
        return
        [
            .. before.Contracts.Where(contract => !now.ContainsKey(contract.Title)).Select(contract => Gone(contract, added)),
            .. before.Contracts.Where(contract => now.ContainsKey(contract.Title)).SelectMany(contract => Compare(contract, now[contract.Title])),
            .. added.Select(contract => new ContractChange(false, $"{contract.Title} is new.")),
        ];
    }

    private static ContractChange Gone(Contract contract, Contract[] added)
    {
        var renamed = added.FirstOrDefault(candidate => candidate.Kind == contract.Kind && candidate.Parts.SequenceEqual(contract.Parts));
        return Breaking($"{contract.Title} is gone", renamed is null
            ? "Keep it until no process of that version can be at work."
            : $"{renamed.Title} looks like it: give it back the name {contract.Name}.");
    }

    private static IEnumerable<ContractChange> Compare(Contract before, Contract after)
    {
        if (before.Base != after.Base)
        {
            yield return Breaking(
                $"{before.Title} was based on {Named(before.Base)} and is based on {Named(after.Base)}",
                $"Leave it as it was, and make a new {before.Kind} beside it.");
        }

        var now = after.Parts.ToDictionary(part => part.Key);
        foreach (var part in before.Parts)
        {
            if (Compare(before, part, now.GetValueOrDefault(part.Key), after) is { } change)
            {
                yield return change;
            }
        }

        var known = before.Parts.Select(part => part.Key).ToHashSet();
        foreach (var part in after.Parts.Where(part => !known.Contains(part.Key)))
        {
            yield return new(false, $"{after.Title} has a new {Word(after)} {Full(part)}: the version before neither sends nor understands it.");
        }
    }

    private static ContractChange? Compare(Contract contract, ContractPart before, ContractPart? after, Contract afterwards)
    {
        var what = $"{contract.Title}: {Word(contract)} {before.Key}";
        if (after is null)
        {
            return Breaking($"{what} ({before.Name}) is gone", "Keep it until no process of that version can be at work, and never use its name for anything else.");
        }

        if (before.Shape != after.Shape)
        {
            return Breaking($"{what} was {before.Name} : {before.Shape} and is {after.Name} : {after.Shape}", $"Leave it as it was, and add the new one under a new {Word(contract)}.");
        }

        if (before.Name == after.Name)
        {
            return null;
        }

        // A mere new name in code does no harm. Two names that change places do.
        return contract.Kind is "type" or "enum" && afterwards.Parts.FirstOrDefault(part => part.Name == before.Name) is { } moved
            ? Breaking($"{what} was {before.Name} and is {after.Name}, and {before.Name} has {moved.Key} now", $"Give {before.Name} its {Word(contract)} back.")
            : new(false, $"{what} was {before.Name} and is {after.Name}: the same on the wire.");
    }

    private static ContractChange Breaking(string what, string remedy) =>
        new(true, $"{what}, and processes of the version before still use it as it was. {remedy}");

    private static string Word(Contract contract) => contract.Kind switch
    {
        "type" => "id",
        "enum" => "number",
        "interface" => "method",
        _ => "interface",
    };

    private static string Full(ContractPart part) => string.Join(' ', new[] { part.Key, part.Name, part.Shape }.Where(text => text.Length > 0));

    private static string Named(string @base) => @base.Length > 0 ? @base : "nothing";
}
