using System.Collections.Immutable;

namespace Wuts.Architecture.Tests.Contracts;

public sealed class ContractRulesTests
{
    private const string Before =
        """
        enum Wuts.Colour : Int32
          0  Red
          1  Green

        grain device
          wuts.device-grain

        interface wuts.device-grain
          send  Send [AlwaysInterleave] : (wuts.command, CancellationToken) -> Task<wuts.answer>
          wake  Wake : () -> Task

        type wuts.answer

        type wuts.answer.accepted : wuts.answer
          0  From : String
          1  To : String
          2  At : DateTimeOffset?

        """;

    [Fact]
    public void The_text_of_a_manifest_is_read_back_as_the_same_manifest()
    {
        var manifest = ContractManifest.Parse(Before);

        Assert.Equal(manifest.ToString(), ContractManifest.Parse(manifest.ToString()).ToString());
        Assert.Equal(["Red", "Green"], manifest.Contracts[0].Parts.Select(part => part.Name));
        Assert.Equal(new ContractPart("2", "At", "DateTimeOffset?"), manifest.Contracts[^1].Parts[2]);
    }

    [Fact]
    public void What_has_not_changed_is_no_change() => Assert.Empty(Compare(Before));

    [Theory]
    [InlineData("type wuts.answer.accepted", "type wuts.answer.taken", "type wuts.answer.taken looks like it: give it back the name wuts.answer.accepted")]
    [InlineData("grain device", "grain Device", "grain Device looks like it: give it back the name device")]
    [InlineData("  0  From : String\n", "", "type wuts.answer.accepted: id 0 (From) is gone")]
    [InlineData("1  To : String", "1  To : Int32", "id 1 was To : String and is To : Int32")]
    [InlineData("2  At : DateTimeOffset?", "2  At : DateTimeOffset", "Leave it as it was, and add the new one under a new id")]
    [InlineData("1  To : String", "1  To : String[]", "id 1 was To : String and is To : String[]")]
    [InlineData("0  From : String\n  1  To : String", "0  To : String\n  1  From : String", "id 0 was From and is To, and From has 1 now")]
    [InlineData("accepted : wuts.answer", "accepted", "was based on wuts.answer and is based on nothing")]
    [InlineData("enum Wuts.Colour : Int32", "enum Wuts.Colour : Byte", "was based on Int32 and is based on Byte")]
    [InlineData("0  Red\n  1  Green", "0  Green\n  1  Red", "enum Wuts.Colour: number 0 was Red and is Green, and Red has 1 now")]
    [InlineData("0  Red\n", "2  Red\n", "enum Wuts.Colour: number 0 (Red) is gone")]
    [InlineData("  wake  Wake : () -> Task\n", "", "interface wuts.device-grain: method wake (Wake) is gone")]
    [InlineData("wake  Wake", "Wake  Wake", "method wake (Wake) is gone")]
    [InlineData("(wuts.command, CancellationToken)", "(wuts.command, Int32, CancellationToken)", "method send was Send [AlwaysInterleave] : (wuts.command, CancellationToken)")]
    [InlineData("wake  Wake : () -> Task", "wake  Wake : () -> Task one-way", "add the new one under a new method")]
    [InlineData("  wuts.device-grain\n", "  wuts.phone-grain\n", "grain device: interface wuts.device-grain")]
    public void A_change_that_breaks_is_named_with_what_to_do(string before, string after, string sentence)
    {
        var change = Assert.Single(Compare(Before.Replace(before, after, StringComparison.Ordinal)), change => change.Breaks && change.Sentence.Contains(sentence, StringComparison.Ordinal));

        Assert.Contains("the version before still use it", change.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  2  At : DateTimeOffset?\n", "  2  At : DateTimeOffset?\n  3  TraceParent : String\n", "has a new id 3 TraceParent String")]
    [InlineData("type wuts.answer\n", "type wuts.answer\n\ntype wuts.answer.refused : wuts.answer\n", "type wuts.answer.refused is new")]
    [InlineData("  wake  Wake", "  sleep  Sleep : () -> Task\n  wake  Wake", "has a new method sleep")]
    [InlineData("  1  Green\n", "  1  Green\n  2  Blue\n", "has a new number 2 Blue")]
    [InlineData("0  From : String", "0  Sender : String", "id 0 was From and is Sender: the same on the wire")]
    [InlineData("Send [AlwaysInterleave]", "Send", "the same on the wire")]
    public void A_compatible_change_is_told_as_one(string before, string after, string sentence)
    {
        var change = Assert.Single(Compare(Before.Replace(before, after, StringComparison.Ordinal)));

        Assert.False(change.Breaks);
        Assert.Contains(sentence, change.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_none_is_refused() => Assert.Throws<FormatException>(() => ContractManifest.Parse("type\n"));

    private static ImmutableArray<ContractChange> Compare(string after) =>
        ContractRules.Compare(ContractManifest.Parse(Before), ContractManifest.Parse(after));
}
