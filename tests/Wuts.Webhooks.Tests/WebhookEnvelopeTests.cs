using System.Text.Json;
using Wuts.Domain.Delivery;
using Wuts.Domain.Webhooks;
using static Wuts.Webhooks.Tests.Samples;

namespace Wuts.Webhooks.Tests;

public sealed class WebhookEnvelopeTests
{
    private static readonly Failure Undeliverable = new("131026", FailureClass.Recipient, false, "The number is not on WhatsApp.");

    [Fact]
    public void The_envelope_holds_its_members_in_order_as_compact_json()
    {
        var envelope = WebhookEnvelope.Render(Endpoint(), secret: null, 7, new(WebhookEvents.MessageSent, T0), Message(), dataJson: null);

        Assert.Equal(
            OneLine($$$"""
                {"id":"{{{envelope.Id}}}","event":"message.sent","timestamp":1893499200,
                "device_id":"dev-1","user_id":"user-1","sequence":7,
                "data":{"message_id":"3EB0000102030405060708AA","chat_jid":"5511999990001@s.whatsapp.net",
                "to":"5511999990001@s.whatsapp.net","content":"Olá","message_type":"text",
                "timestamp":"2030-01-01T12:00:00Z","is_from_me":true}}
                """),
            envelope.Text());
    }

    [Fact]
    public void The_signature_is_the_last_member() => Assert.Equal(
        Envelope().Text()[..^1] + ""","signature":"sha256=6a0139d37d4121ecbd7be817bbaf25b4720246910469529444d9ebbc90c782fd"}""",
        Envelope(Secret()).Text());

    [Theory]
    [InlineData(WebhookEvents.MessageDelivered)]
    [InlineData(WebhookEvents.MessageRead)]
    [InlineData(WebhookEvents.MessagePlayed)]
    public void A_receipt_names_the_message_the_chat_and_who_received_it(string type) => Assert.Equal(
        OneLine("""
            {"message_ids":["3EB0000102030405060708AA"],"message_id":"3EB0000102030405060708AA",
            "chat_jid":"5511999990001@s.whatsapp.net","sender_jid":"5511999990001@s.whatsapp.net",
            "timestamp":"2030-01-01T12:00:05Z","is_group":false}
            """),
        Data(type, Message()));

    [Fact]
    public void A_receipt_from_a_group_names_no_member() => Assert.Equal(
        OneLine("""
            {"message_ids":["3EB0000102030405060708AA"],"message_id":"3EB0000102030405060708AA",
            "chat_jid":"120363000000000001@g.us","sender_jid":null,
            "timestamp":"2030-01-01T12:00:05Z","is_group":true}
            """),
        Data(WebhookEvents.MessageRead, Message(chat: "120363000000000001@g.us")));

    [Fact]
    public void A_failure_carries_its_code_class_and_reason_even_after_a_receipt_outweighed_it()
    {
        var expected = OneLine("""
            {"message_ids":["3EB0000102030405060708AA"],"message_id":"3EB0000102030405060708AA",
            "chat_jid":"5511999990001@s.whatsapp.net","timestamp":"2030-01-01T12:00:05Z","is_group":false,
            "code":"131026","class":"recipient","retryable":false,"reason":"The number is not on WhatsApp."}
            """);
        var refused = Message().Record(1, 1, new DispatchOutcome.Failed(Undeliverable), T0)!.Message;
        var delivered = Message().Apply([new(DeliveryStage.Failed, T0, Undeliverable), new(DeliveryStage.Delivered, T0)])!.Message;

        Assert.Equal(expected, Data(WebhookEvents.MessageFailed, refused));
        Assert.Equal(expected, Data(WebhookEvents.MessageFailed, delivered));
    }

    [Fact]
    public void A_rejected_message_says_why() => Assert.Equal(
        OneLine("""
            {"message_ids":["3EB0000102030405060708AA"],"message_id":"3EB0000102030405060708AA",
            "chat_jid":"5511999990001@s.whatsapp.net","timestamp":"2030-01-01T12:00:05Z","is_group":false,
            "code":"RECIPIENT_OPTED_OUT","class":"consent","retryable":false,"reason":"No."}
            """),
        Data(
            WebhookEvents.MessageRejected,
            Domain.Delivery.Message.Refuse(Message().Envelope, 1, new("RECIPIENT_OPTED_OUT", FailureClass.Consent, false, "No.")).Message));

    [Fact]
    public void An_uncertain_message_says_why() => Assert.Equal(
        OneLine("""
            {"message_ids":["3EB0000102030405060708AA"],"message_id":"3EB0000102030405060708AA",
            "chat_jid":"5511999990001@s.whatsapp.net","timestamp":"2030-01-01T12:00:05Z","is_group":false,
            "reason":"It was handed over and nobody knows whether it left. It is not sent again without evidence."}
            """),
        Data(WebhookEvents.MessageUncertain, Message()));

    [Fact]
    public void Stored_data_goes_out_byte_for_byte()
    {
        const string stored = """{"qr_code":"2@x", "device_id":"dev-1"}""";

        var body = WebhookEnvelope.Render(Endpoint(), secret: null, 8, new(WebhookEvents.QrGenerated, T0), message: null, stored).Text();

        Assert.EndsWith($$$""","sequence":8,"data":{{{stored}}}}""", body, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_whose_message_is_gone_still_goes_out() => Assert.EndsWith(
        ""","data":{}}""",
        WebhookEnvelope.Render(Endpoint(), secret: null, 8, new(WebhookEvents.MessageRead, T0), message: null, dataJson: null).Text(),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("quotes \" and \\ and \n and <b>&'</b>")]
    [InlineData("emoji 🎉 and 日本語 and \u0001")]
    [InlineData("")]
    public void Any_text_survives_the_rendering(string text)
    {
        using var body = JsonDocument.Parse(
            WebhookEnvelope.Render(Endpoint(), Secret(), 1, new(WebhookEvents.MessageSent, T0), Message(text), dataJson: null).Body);

        Assert.Equal(text, body.RootElement.GetProperty("data").GetProperty("content").GetString());
    }

    [Fact]
    public void A_long_text_leaves_nothing_behind_in_the_next_envelope()
    {
        var first = Envelope().Text();
        WebhookEnvelope.Render(Endpoint(), Secret(), 9, new(WebhookEvents.MessageSent, T0), Message(new string('é', 100_000)), dataJson: null);

        Assert.Equal(first, Envelope().Text());
    }

    private static string Data(string type, Message message)
    {
        using var body = JsonDocument.Parse(
            WebhookEnvelope.Render(Endpoint(), secret: null, 1, new(type, T0.AddSeconds(5)), message, dataJson: null).Body);
        return body.RootElement.GetProperty("data").GetRawText();
    }
}
