using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Tests.Sending;

public sealed class MessageIdTests
{
    [Fact]
    public void An_id_is_the_prefix_and_20_upper_case_hexadecimal_digits() => Law.ForAll(AnyName, name =>
    {
        Assert.Matches("^3EB0[0-9A-F]{20}$", MessageId.FromIdempotencyKey("acme", name));
        Assert.Matches("^3EB0[0-9A-F]{20}$", MessageId.FromOperation("acme", name));
        Assert.True(MessageId.IsWellFormed(MessageId.FromOperation("acme", name)));
    });

    [Fact]
    public void The_same_tenant_and_key_give_the_same_id_for_ever()
    {
        Assert.Equal("3EB0ECA4AFAB963B9C402FAA", MessageId.FromIdempotencyKey("acme", "order-1"));
        Assert.Equal("3EB0DA09F2E124E7DEA5B30A", MessageId.FromOperation("acme", "order-1"));
    }

    [Fact]
    public void Another_tenant_name_or_scope_gives_another_id()
    {
        string[] ids =
        [
            MessageId.FromIdempotencyKey("acme", "a"), MessageId.FromIdempotencyKey("acme", "b"), MessageId.FromIdempotencyKey("globex", "a"),
            MessageId.FromOperation("acme", "a"), MessageId.FromOperation("acme", "b"), MessageId.FromOperation("globex", "a"),
            MessageId.FromIdempotencyKey("acm", "ea"), MessageId.FromIdempotencyKey("acme", "A"),
        ];

        Assert.Distinct(ids);
    }

    [Theory]
    [InlineData("3EB0000102030405060708AA", true)]
    [InlineData("3EB0000102030405060708Aa", false)]
    [InlineData("3eb0000102030405060708AA", false)]
    [InlineData("4EB0000102030405060708AA", false)]
    [InlineData("3EB0000102030405060708A", false)]
    [InlineData("3EB0000102030405060708AAA", false)]
    [InlineData("3EB0000102030405060708AG", false)]
    [InlineData("3EB0000102030405060708A ", false)]
    [InlineData("", false)]
    public void Only_that_form_is_well_formed(string id, bool wellFormed) => Assert.Equal(wellFormed, MessageId.IsWellFormed(id));

    private static Gen<string> AnyName { get; } =
        Gen.ArrayOf(Gen.Choose(0, 0xD7FF)).Select(characters => string.Concat(characters.Select(character => (char)character)));
}
