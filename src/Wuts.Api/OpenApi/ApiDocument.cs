using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;

namespace Wuts.Api.OpenApi;

/// <summary>What the document says of the API as a whole: how to sign in, what is the same everywhere, and every error code.</summary>
internal sealed class ApiDocument : IOpenApiDocumentTransformer
{
    public const string TokenScheme = "token";
    public const string MasterScheme = "masterToken";

    private const string Overview = """
        A multi-tenant WhatsApp gateway. A **tenant** has **users**, each with a token; a user has **devices**, each a WhatsApp number.
        Everything is confined to the caller's tenant: what belongs to another one is a 404.

        **Roles.** A `user` has its own devices and messages, a `manager` all of the tenant, an `admin` the tenant's users too.

        **Devices.** Where an operation takes a device, the query's `device_id` wins, then the body's, then the header `X-Device-Id`.
        Without any it is your only device, else the one that was connected most recently. A device that is not ready is 503 `DEVICE_NOT_READY` everywhere.

        **Messages.** A 2xx answer to a send means that the message is stored and is not lost. It is dispatched once. Its id has WhatsApp's form
        (`3EB0` and upper-case hexadecimal) and stays the same everywhere. A dispatch whose outcome nobody knows is `uncertain` and is settled by evidence,
        never by sending again.

        **Lanes.** A device sends one message at a time, and the messages of a chat in the order of their acceptance. Between chats the `category` decides:
        `authentication` has the first lane, `utility` and `service` the second, `marketing` the third. Lanes that have something due share the device by
        weights (70, 25 and 5 unless the operator chose others, never less than 5 %), and a one-time password cuts short the typing for a message of another lane.
        A chat takes the most urgent lane of the messages that wait in it. `GET /messages/{id}` says in `waiting_for` what a message waits for, and
        `GET /devices/{id}/queue` what a whole queue does.

        **Idempotency.** Send `Idempotency-Key` with each send, and repeat a request whose answer was lost with the same key: it is one message.
        Another payload under the same key is 422.

        **Consent.** A recipient who opted out gets nothing from any device of the tenant: a send is 422 `RECIPIENT_OPTED_OUT`, and what waits is
        rejected, which `message.rejected` tells. Recipients opt out and in by writing a keyword and nothing else (STOP, SAIR, BAJA and others; START, ALTA
        and others) in their own chat; what that changes is told by `consent.opted_out` and `consent.opted_in`, to the webhook of the device that got it. The other
        ways are `PUT /consents/{number}` and imports. By `PUT /consents/policy` a category may need an opt-in. A message that is claimed, which
        is after its typing, is under way and not called back.

        **Webhooks.** One a device. With a secret each delivery is signed twice. Prefer the headers of Standard Webhooks: `webhook-signature` is `v1,` and
        base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{raw body}`. The envelope's last member `signature` is `sha256=` and hexadecimal of
        HMAC-SHA256 over the raw body without that member. The key is the secret's UTF-8 bytes, for `whsec_` the decoded ones. `webhook-id` is the same on each try.
        Deliveries are repeated until 2xx; 410 disables the webhook.

        **Names and times.** Names are snake_case, but for those that are camelCase. Times are RFC 3339 in UTC.

        **Errors.** Every failure has the same envelope. Branch on the HTTP status and `error_code`. `retryable` says whether the same request may
        succeed later; 429 and 503 carry `Retry-After`.
        """;

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new() { Title = "Wuts", Version = "1", Description = Overview + "\n\n" + ErrorTable() };
        document.Servers = [];
        document.Components ??= new();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[TokenScheme] = Bearer("A user's token, as `Authorization: Bearer <token>` or bare. `POST /register` and `POST /users` give it, once.");
        document.Components.SecuritySchemes[MasterScheme] = Bearer("The platform's master token, from the setting `Wuts:MasterToken`.");
        return Task.CompletedTask;
    }

    private static OpenApiSecurityScheme Bearer(string description) =>
        new() { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = description };

    private static string ErrorTable()
    {
        var table = new StringBuilder("| error_code | status | retryable | when |\n|---|---|---|---|\n");
        foreach (var code in ErrorCodes.All)
        {
            table.Append("| ").Append(code.Name).Append(" | ").Append(code.Status).Append(" | ")
                .Append(code.Retryable ? "yes" : "no").Append(" | ").Append(code.Meaning).Append(" |\n");
        }

        return table.ToString();
    }
}
