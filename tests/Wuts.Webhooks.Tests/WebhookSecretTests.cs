using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Wuts.Domain.Webhooks;
using static Wuts.Webhooks.Tests.Samples;

namespace Wuts.Webhooks.Tests;

public sealed partial class WebhookSecretTests
{
    private const string KeyBase64 = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"; // the key of the example in the Standard Webhooks specification

    [Theory]
    [InlineData("s3cret")]
    [InlineData("whsec_" + KeyBase64)]
    public void A_receiver_that_cuts_the_signature_out_of_the_raw_body_verifies_it(string secret)
    {
        var body = Envelope(Secret(secret)).Text();
        var member = SignatureMember().Match(body);

        Assert.True(member.Success, body);
        Assert.Equal(body.Length - 1, member.Index + member.Length); // the last member
        var unsigned = body.Remove(member.Index, member.Length);
        Assert.Equal(Envelope().Text(), unsigned);
        Assert.Equal(
            Convert.ToHexString(HMACSHA256.HashData(KeyOf(secret), Encoding.UTF8.GetBytes(unsigned))),
            member.Groups[1].Value,
            ignoreCase: true);
    }

    [Fact]
    public void Without_a_secret_there_is_no_signature() => Assert.DoesNotContain("signature", Envelope().Text(), StringComparison.Ordinal);

    [Fact]
    public void A_text_that_looks_like_a_signature_does_not_confuse_it()
    {
        const string trap = "\",\"signature\":\"sha256=00\"}";
        var @event = new WebhookEvent(WebhookEvents.MessageSent, T0);

        var signed = WebhookEnvelope.Render(Endpoint(), Secret(), 7, @event, Message(trap), dataJson: null).Text();
        var unsigned = WebhookEnvelope.Render(Endpoint(), secret: null, 7, @event, Message(trap), dataJson: null).Text();

        var member = Assert.Single(SignatureMember().Matches(signed));
        Assert.Equal(unsigned, signed.Remove(member.Index, member.Length));
    }

    [Fact]
    public void The_header_signature_is_that_of_the_standard_webhooks_specification()
    {
        // The example that its reference libraries test themselves with.
        var body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            Secret("whsec_" + KeyBase64).SignAttempt("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body));
    }

    [Fact]
    public void A_long_id_is_signed_whole()
    {
        var id = new string('x', 500);

        Assert.Equal(
            "v1," + Convert.ToBase64String(HMACSHA256.HashData("k"u8, Encoding.UTF8.GetBytes(id + ".5.{}"))),
            Secret("k").SignAttempt(id, 5, "{}"u8));
    }

    [Theory]
    [InlineData(null, "must be 1 to 256 characters")]
    [InlineData("", "must be 1 to 256 characters")]
    [InlineData("whsec_", "begins with whsec_ and must then be base64 of 24 to 64 bytes")]
    [InlineData("whsec_not base64!", "begins with whsec_ and must then be base64 of 24 to 64 bytes")]
    [InlineData("whsec_c2hvcnQ=", "begins with whsec_ and must then be base64 of 24 to 64 bytes")]
    public void A_secret_that_cannot_sign_is_refused_with_its_reason(string? secret, string expected)
    {
        Assert.Null(WebhookSecret.Parse(secret, out var error));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_prefixed_secret_stands_for_24_to_64_bytes(int length, bool accepted) =>
        Assert.Equal(accepted, WebhookSecret.Parse("whsec_" + Convert.ToBase64String(new byte[length]), out _) is not null);

    [Theory]
    [InlineData(1, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_plain_secret_has_1_to_256_characters(int length, bool accepted) =>
        Assert.Equal(accepted, WebhookSecret.Parse(new string('s', length), out _) is not null);

    [Fact]
    public void A_secret_does_not_show_itself() => Assert.DoesNotContain("s3cret", $"{Secret()}", StringComparison.Ordinal);

    private static byte[] KeyOf(string secret) =>
        secret.StartsWith("whsec_", StringComparison.Ordinal) ? Convert.FromBase64String(secret["whsec_".Length..]) : Encoding.UTF8.GetBytes(secret);

    [GeneratedRegex("""(?<!\\),"signature":"sha256=([0-9a-f]{64})"(?=}$)""")]
    private static partial Regex SignatureMember();
}
