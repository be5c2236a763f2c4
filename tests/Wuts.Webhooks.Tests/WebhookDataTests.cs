using Wuts.Domain.Compliance;
using Wuts.Domain.Devices;
using static Wuts.Webhooks.Tests.Samples;

namespace Wuts.Webhooks.Tests;

public sealed class WebhookDataTests
{
    private static readonly InboundMessage Inbound = new(
        "3EB0FF", "5511999990002@s.whatsapp.net", "5511999990002@s.whatsapp.net", "5511999990001@s.whatsapp.net", "Hi", "Ana", T0);

    [Fact]
    public void An_inbound_message_is_told_as_the_contract_has_it() => Assert.Equal(
        OneLine("""
            {"message_id":"3EB0FF","from":"5511999990002@s.whatsapp.net","to":"5511999990001@s.whatsapp.net",
            "chat_jid":"5511999990002@s.whatsapp.net","content":"Hi","message_type":"text",
            "timestamp":"2030-01-01T12:00:00Z","is_from_me":false,"push_name":"Ana"}
            """),
        WebhookData.MessageReceived(Inbound));

    [Fact]
    public void A_writer_without_a_name_has_none() => Assert.EndsWith(
        ""","push_name":null}""", WebhookData.MessageReceived(Inbound with { PushName = null }), StringComparison.Ordinal);

    [Fact]
    public void A_device_notice_leaves_out_what_is_not_known() => Assert.Equal(
        """{"device_id":"dev-1","timestamp":"2030-01-01T12:00:00Z"}""",
        WebhookData.DeviceNotice("dev-1", jid: null, reason: null, T0));

    [Fact]
    public void A_device_notice_says_which_number_why_and_until_when() => Assert.Equal(
        OneLine("""
            {"device_id":"dev-1","jid":"5511999990001@s.whatsapp.net","reason":"spam",
            "expires_at":"2030-01-02T12:00:00Z","timestamp":"2030-01-01T12:00:00Z"}
            """),
        WebhookData.DeviceNotice("dev-1", "5511999990001@s.whatsapp.net", "spam", T0, T0.AddDays(1)));

    [Fact]
    public void A_qr_event_carries_the_code_and_its_end() => Assert.Equal(
        """{"qr_code":"2@abc+/=,def","expires_at":"2030-01-01T12:01:00Z","device_id":"dev-1"}""",
        WebhookData.QrGenerated("dev-1", "2@abc+/=,def", T0.AddMinutes(1)));

    [Theory]
    [InlineData(ConsentState.OptedOut, "opted_out")]
    [InlineData(ConsentState.OptedIn, "opted_in")]
    public void A_change_of_consent_says_whose_and_by_which_word(ConsentState state, string name) => Assert.Equal(
        OneLine($$"""
            {"chat_jid":"5511999990001@s.whatsapp.net","state":"{{name}}","keyword":"sair","message_id":"3EB0FF",
            "device_id":"dev-1","timestamp":"2030-01-01T12:00:00Z"}
            """),
        WebhookData.ConsentChanged(
            new()
            {
                TenantId = "acme", ChatJid = "5511999990001@s.whatsapp.net", State = state, Source = ConsentSource.Keyword, At = T0, Since = T0,
                DeviceId = "dev-1", Detail = "sair",
            },
            "3EB0FF"));

    [Fact]
    public void Times_are_told_in_utc_and_whole_seconds() => Assert.Contains(
        "\"timestamp\":\"2030-01-01T12:00:00Z\"",
        WebhookData.DeviceNotice("dev-1", jid: null, reason: null, T0.AddMilliseconds(999).ToOffset(TimeSpan.FromHours(-3))),
        StringComparison.Ordinal);
}
