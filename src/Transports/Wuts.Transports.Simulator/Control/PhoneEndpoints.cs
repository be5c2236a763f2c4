using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Simulator.Control;

/// <summary>Phones, and what their owners do with them.</summary>
internal sealed class PhoneEndpoints(SimulatedNetwork network, Answer answer)
{
    private const int MostPhones = 1000;
    private const string NumberHelp = "A number is 10 to 15 digits with the country code.";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/phones", CreateAsync).Takes<NewPhoneBody>()
            .Produces<PhoneBody>().Produces<PhoneBody>(201).Produces<ErrorBody>(400)
            .WithName("CreateSimulatedPhone").WithSummary("Creates a phone")
            .WithDescription($"Safe to repeat: 201 for a new phone, 200 for one that is there. {NumberHelp}");
        routes.MapGet("/phones", List).Produces<PhonesBody>().Produces<ErrorBody>(400)
            .WithName("ListSimulatedPhones").WithSummary("Lists phones")
            .WithDescription($"In order of their number, up to `limit` (1 to {MostPhones}, default 100) after the number `after`. Without their messages.");
        routes.MapGet("/phones/{number}", Find).Produces<PhoneBody>().Produces<ErrorBody>(404)
            .WithName("GetSimulatedPhone").WithSummary("Shows a phone")
            .WithDescription("Its state, linked devices, who is typing to it, and the last 50 messages that it received.");
        routes.MapPut("/phones/{number}/state", ChangeAsync).Takes<PhoneChange>()
            .Produces<PhoneBody>().Produces<ErrorBody>(400).Produces<ErrorBody>(404)
            .WithName("ChangeSimulatedPhone").WithSummary("Changes a phone's state")
            .WithDescription(
                "Only the fields that are given change: online, reads, plays, registered, blocks (numbers), banned_until (a past time ends a ban), name, "
                + "since (the age of the number, for rules), reach_out_until (no message to strangers; a past time ends it), new_chat_cap (in 24 hours; 0: "
                + "any number). reactions: what its owner does as soon as it has a sender's `after`-th message, each of `{does: block, after}` (0: not "
                + "even the first arrives), `{does: report, after}`, `{does: reply, after, text}`; `[]` for nothing, whatever the rates of the faults are.");
        routes.MapPost("/phones/{number}/scan", ScanAsync).Takes<ScanBody>()
            .Produces<PairedBody>().Produces<ErrorBody>(400).Produces<ErrorBody>(404).Produces<ErrorBody>(409).Produces<ErrorBody>(410)
            .WithName("ScanQrCode").WithSummary("Scans a device's QR code")
            .WithDescription("Links the device to this phone. A code is good for 60 seconds; 410 when it ran out or was replaced by a newer one.");
        routes.MapPost("/phones/{number}/pair", PairAsync).Takes<PairBody>()
            .Produces<PairedBody>().Produces<ErrorBody>(400).Produces<ErrorBody>(404).Produces<ErrorBody>(409).Produces<ErrorBody>(410)
            .WithName("EnterPairCode").WithSummary("Enters a device's pair code")
            .WithDescription("Links the device to this phone, whose number must be the one the code was asked for. A code is good for 300 seconds.");
        routes.MapPost("/phones/{number}/unlink", UnlinkAsync).Takes<UnlinkBody>()
            .Produces<UnlinkedBody>().Produces<ErrorBody>(400).Produces<ErrorBody>(404).Produces<ErrorBody>(409)
            .WithName("UnlinkDevice").WithSummary("Removes a linked device from the phone")
            .WithDescription("The device, named `{tenant}/{device}`, is told that it was logged out, and must be paired again.");
        routes.MapPost("/phones/{number}/messages", WriteAsync).Takes<WriteBody>()
            .Produces<WrittenBody>(201).Produces<ErrorBody>(400).Produces<ErrorBody>(404).Produces<ErrorBody>(409)
            .WithName("WriteFromPhone").WithSummary("Writes a message from the phone")
            .WithDescription("Every device linked to the number `to` is told. `devices` says how many there are.");
        routes.MapPost("/phones/{number}/report", ReportAsync).Takes<ReportBody>()
            .Produces<ReportedBody>().Produces<ErrorBody>(400).Produces<ErrorBody>(404).Produces<ErrorBody>(409)
            .WithName("ReportFromPhone").WithSummary("Reports a number from the phone")
            .WithDescription("It counts against the number `to`, which is told nothing; its messages still come.");
    }

    private async Task<IResult> CreateAsync(HttpRequest request)
    {
        var (body, refusal) = await RequestBody.ReadAsync<NewPhoneBody>(request, answer);
        if (body is null)
        {
            return refusal!;
        }

        if (Jid.ParsePhone(body.Number, out var error) is not { } number)
        {
            return answer.Invalid(new FieldError("number", error!, body.Number));
        }

        var (phone, created) = await network.CreatePhoneAsync(number);
        return Answer.Ok(new PhoneBody(phone), created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private IResult List(string? after, int? limit)
    {
        if (limit is < 1 or > MostPhones)
        {
            return answer.Invalid(new FieldError("limit", $"must be 1 to {MostPhones}", limit));
        }

        var phones = network.ListPhones(after ?? "", limit ?? 100);
        return Answer.Ok(new PhonesBody(phones, phones.IsEmpty ? after ?? "" : phones[^1].Number));
    }

    private IResult Find(string number) => network.FindPhone(Normalise(number)) is { } phone ? Answer.Ok(new PhoneBody(phone)) : NoPhone();

    private async Task<IResult> ChangeAsync(string number, HttpRequest request)
    {
        var (change, refusal) = await RequestBody.ReadAsync<PhoneChange>(request, answer);
        if (change is null)
        {
            return refusal!;
        }

        if (Address(number) is not { } address)
        {
            return answer.Invalid(new FieldError("number", "must be 10 to 15 digits with the country code, or a JID", number));
        }

        if (PhoneChangeCheck.Find(change) is { } wrong)
        {
            return answer.Invalid(wrong);
        }

        var blocks = ImmutableArray.CreateBuilder<string>();
        foreach (var blocked in change.Blocks ?? [])
        {
            if (Jid.ParsePhone(blocked, out var error) is not { } digits)
            {
                return answer.Invalid(new FieldError($"blocks[{blocks.Count}]", error!, blocked));
            }

            blocks.Add(digits);
        }

        change = change with { Blocks = change.Blocks is null ? null : blocks.ToImmutable() };
        return await network.ChangePhoneAsync(address, change) is { } phone ? Answer.Ok(new PhoneBody(phone)) : NoPhone();
    }

    private async Task<IResult> ScanAsync(string number, HttpRequest request)
    {
        var (body, refusal) = await RequestBody.ReadAsync<ScanBody>(request, answer);
        return body is null ? refusal!
            : Jid.ParsePhone(number, out var error) is not { } digits ? answer.Invalid(new FieldError("number", error!, number))
            : string.IsNullOrWhiteSpace(body.QrCode) ? answer.Invalid(new FieldError("qr_code", "is required", body.QrCode))
            : Tell(await network.ScanAsync(digits, body.QrCode.Trim()));
    }

    private async Task<IResult> PairAsync(string number, HttpRequest request)
    {
        var (body, refusal) = await RequestBody.ReadAsync<PairBody>(request, answer);
        if (body is null)
        {
            return refusal!;
        }

        if (Jid.ParsePhone(number, out var error) is not { } digits)
        {
            return answer.Invalid(new FieldError("number", error!, number));
        }

        var code = (body.Code ?? "").Replace("-", "", StringComparison.Ordinal).Trim().ToUpperInvariant();
        return code.Length != 8
            ? answer.Invalid(new FieldError("code", "must be 8 characters, XXXX-XXXX", body.Code))
            : Tell(await network.EnterPairCodeAsync(digits, $"{code[..4]}-{code[4..]}"));
    }

    private async Task<IResult> UnlinkAsync(string number, HttpRequest request)
    {
        var (body, refusal) = await RequestBody.ReadAsync<UnlinkBody>(request, answer);
        return body is null ? refusal!
            : string.IsNullOrWhiteSpace(body.Device) ? answer.Invalid(new FieldError("device", "is required, as tenant/device", body.Device))
            : Tell(await network.UnlinkAsync(Normalise(number), body.Device));
    }

    private async Task<IResult> WriteAsync(string number, HttpRequest request)
    {
        var (body, refusal) = await RequestBody.ReadAsync<WriteBody>(request, answer);
        return body is null ? refusal!
            : Jid.ParsePhone(number, out var error) is not { } from ? answer.Invalid(new FieldError("number", error!, number))
            : Jid.ParsePhone(body.To, out error) is not { } to ? answer.Invalid(new FieldError("to", error!, body.To))
            : body.Text is not { Length: > 0 and <= TextContent.MaxLength }
                ? answer.Invalid(new FieldError("text", $"must be 1 to {TextContent.MaxLength} characters", body.Text))
            : Tell(await network.WriteAsync(from, to, body.Text));
    }

    private async Task<IResult> ReportAsync(string number, HttpRequest request)
    {
        var (body, refusal) = await RequestBody.ReadAsync<ReportBody>(request, answer);
        return body is null ? refusal!
            : Jid.ParsePhone(number, out var error) is not { } from ? answer.Invalid(new FieldError("number", error!, number))
            : Jid.ParsePhone(body.To, out error) is not { } to ? answer.Invalid(new FieldError("to", error!, body.To))
            : Tell(await network.ReportAsync(from, to));
    }

    private IResult Tell(PhoneOutcome outcome) => outcome switch
    {
        PhoneOutcome.Paired paired => Answer.Ok(new PairedBody(paired.Device, paired.Jid)),
        PhoneOutcome.Unlinked => Answer.Ok(new UnlinkedBody()),
        PhoneOutcome.Reported => Answer.Ok(new ReportedBody()),
        PhoneOutcome.Written written => Answer.Ok(new WrittenBody(written.MessageId, written.Devices), StatusCodes.Status201Created),
        PhoneOutcome.Refused refused => answer.Refused(refused),
        _ => throw new InvalidOperationException($"No answer for {outcome.GetType().Name}."),
    };

    private JsonHttpResult<ErrorBody> NoPhone() => answer.Error(StatusCodes.Status404NotFound, "PHONE_NOT_FOUND", $"There is no such phone. {NumberHelp}");

    private static string? Address(string number) => Jid.ParseRecipient(number, out _) is { } jid ? Jid.PhoneOf(jid) ?? jid : null;

    private static string Normalise(string number) => Address(number) ?? number;
}
