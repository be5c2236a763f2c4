using FsCheck;
using FsCheck.Fluent;
using Wuts.Domain.Sending;

namespace Wuts.Domain.Tests.Sending;

public sealed class JidTests
{
    [Theory]
    [InlineData("5511999990001", "5511999990001@s.whatsapp.net")]
    [InlineData("+5511999990001", "5511999990001@s.whatsapp.net")]
    [InlineData("+55 (11) 99999-0001", "5511999990001@s.whatsapp.net")]
    [InlineData("(+55) 11 99999 0001", "5511999990001@s.whatsapp.net")]
    [InlineData("  5511999990001  ", "5511999990001@s.whatsapp.net")]
    [InlineData("1234567890", "1234567890@s.whatsapp.net")]
    [InlineData("123456789012345", "123456789012345@s.whatsapp.net")]
    [InlineData("5511999990001@s.whatsapp.net", "5511999990001@s.whatsapp.net")]
    [InlineData("+55 11 99999-0001@s.whatsapp.net", "5511999990001@s.whatsapp.net")]
    [InlineData(" 5511999990001 @ s.whatsapp.net ", "5511999990001@s.whatsapp.net")]
    [InlineData("120363000000000001@g.us", "120363000000000001@g.us")]
    [InlineData("5511999990001-1600000000@g.us", "5511999990001-1600000000@g.us")]
    [InlineData("120363000000000002@newsletter", "120363000000000002@newsletter")]
    [InlineData("98765432101234@lid", "98765432101234@lid")]
    public void A_recipient_is_brought_to_its_one_form(string value, string jid)
    {
        Assert.Equal(jid, Jid.ParseRecipient(value, out var error));
        Assert.Null(error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    public void A_recipient_is_required(string? value)
    {
        Assert.Null(Jid.ParseRecipient(value, out var error));
        Assert.StartsWith("is required", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("123456789")]
    [InlineData("1234567890123456")]
    [InlineData("0511999990001")]
    [InlineData("+0511999990001")]
    [InlineData("++5511999990001")]
    [InlineData("55119999+90001")]
    [InlineData("5511999990001x")]
    [InlineData("5511.99999.0001")]
    [InlineData("٥٥١١٩٩٩٩٩٠٠٠١")]
    [InlineData("hello")]
    [InlineData("+")]
    [InlineData("123456789@s.whatsapp.net")]
    [InlineData("@s.whatsapp.net")]
    [InlineData("5511999990001:12@s.whatsapp.net")]
    public void Anything_but_10_to_15_digits_is_no_phone_number(string value)
    {
        Assert.Null(Jid.ParseRecipient(value, out var error));
        Assert.StartsWith("must be 10 to 15 digits", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5511999990001@c.us")]
    [InlineData("5511999990001@S.WHATSAPP.NET")]
    [InlineData("5511999990001@")]
    [InlineData("@g.us")]
    [InlineData("abc@g.us")]
    [InlineData("5511999990001-@g.us")]
    [InlineData("-1600000000@g.us")]
    [InlineData("1-2-3@g.us")]
    [InlineData("x@newsletter")]
    [InlineData("x@lid")]
    [InlineData("status@broadcast")]
    [InlineData("a@b@s.whatsapp.net")]
    [InlineData("5511999990001@s.whatsapp.net@g.us")]
    public void Any_other_jid_is_refused(string value)
    {
        Assert.Null(Jid.ParseRecipient(value, out var error));
        Assert.StartsWith("is not a JID this gateway can send to", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("()- ")]
    public void A_phone_number_that_is_not_there_is_refused(string? value)
    {
        Assert.Null(Jid.ParsePhone(value, out var error));
        Assert.NotNull(error);
    }

    [Fact]
    public void What_was_parsed_parses_to_itself() => Law.ForAll(Digits, digits =>
    {
        var jid = Jid.ParseRecipient(digits, out _)!;
        Assert.Equal(jid, Jid.ParseRecipient(jid, out _));
        Assert.Equal(jid, Jid.User(digits));
        Assert.Equal(digits, Jid.PhoneOf(jid));
        Assert.Equal(digits, Jid.ParsePhone(digits, out _));
        Assert.False(Jid.IsGroup(jid));
    });

    [Theory]
    [InlineData("120363000000000001@g.us", true)]
    [InlineData("5511999990001@s.whatsapp.net", false)]
    [InlineData("120363000000000002@newsletter", false)]
    public void A_group_is_known_by_its_server(string jid, bool isGroup) => Assert.Equal(isGroup, Jid.IsGroup(jid));

    [Theory]
    [InlineData("120363000000000001@g.us")]
    [InlineData("98765432101234@lid")]
    [InlineData("5511999990001")]
    [InlineData(null)]
    public void Only_a_users_jid_has_a_phone_number(string? jid) => Assert.Null(Jid.PhoneOf(jid));

    private static Gen<string> Digits { get; } =
        from length in Gen.Choose(10, 15)
        from first in Gen.Choose('1', '9')
        from rest in Gen.ArrayOf(Gen.Choose('0', '9'), length - 1)
        select (char)first + string.Concat(rest.Select(digit => (char)digit));
}
