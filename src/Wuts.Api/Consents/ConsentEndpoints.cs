using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;
using Wuts.Api.Requests;
using Wuts.Domain.Compliance;
using Wuts.Storage;

namespace Wuts.Api.Consents;

/// <summary>What recipients said about being written to. Any user of the tenant reads and notes it.</summary>
internal static class ConsentEndpoints
{
    private const int DefaultPage = 100;
    private const int LongestPage = 1000;

    private const string What =
        "A number, `…@s.whatsapp.net` or `…@lid`: consent is a person's. Opt-outs hold for all devices and categories of the tenant, from when they "
        + "are answered: nothing is accepted for, or handed over to, who has opted out. A message that is being handed over at that moment is under way.";

    private static readonly ApiError NotFound = new(ErrorCodes.NotFound, "Nothing is known of this recipient's consent.");

    private static readonly ApiError KeptOptOut = new(
        ErrorCodes.OptedOut,
        "This recipient has opted out, and would be written to again if that were forgotten. Repeat with force=true if that is meant.");

    private static readonly DocumentedParameter Force = new(
        "force", ParameterLocation.Query, JsonSchemaType.Boolean, "Forget it even if it is an opt-out. Default false.");

    private static readonly DocumentedParameter State = new("state", ParameterLocation.Query, JsonSchemaType.String, "Only these: opted_out or opted_in.");

    private static readonly DocumentedParameter After = new("after", ParameterLocation.Query, JsonSchemaType.String, "The `next` of the page before.");

    private static readonly DocumentedParameter Limit = new(
        "limit", ParameterLocation.Query, JsonSchemaType.Integer, $"At most this many, 1 to {LongestPage}. Default {DefaultPage}.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/consents/{number}", Read)
            .Documented(Access.Caller, "getConsent", "Consents", "Read a recipient's consent", What)
            .Answers<ConsentAnswer>(StatusCodes.Status200OK, "What is known.")
            .Fails(ErrorCodes.ValidationError, ErrorCodes.NotFound);
        routes.MapPut("/consents/{number}", Put)
            .Documented(
                Access.Caller, "putConsent", "Consents", "Note a recipient's consent",
                "Counts whatever was known, from now. An opt-out rejects what waits for the recipient. " + What)
            .Takes<ConsentRequest>()
            .Answers<ConsentAnswer>(StatusCodes.Status200OK, "Noted.");
        routes.MapDelete("/consents/{number}", Delete)
            .Documented(
                Access.Caller, "deleteConsent", "Consents", "Forget a recipient's consent",
                "As if the recipient had never said anything. An opt-out is forgotten only with `force=true`, since whoever said stop may be written to "
                + "again then, unless the category needs an opt-in.")
            .Takes(Force)
            .Answers<DoneAnswer>(StatusCodes.Status200OK, "Forgotten.")
            .Fails(ErrorCodes.ValidationError, ErrorCodes.NotFound, ErrorCodes.OptedOut);
        routes.MapGet("/consents", List)
            .Documented(Access.Caller, "listConsents", "Consents", "List consents", "By JID, a page at a time.")
            .Takes(State, After, Limit)
            .Answers<ConsentsAnswer>(StatusCodes.Status200OK, "A page.")
            .Fails(ErrorCodes.ValidationError);
        routes.MapGet("/consents/export", Export)
            .Documented(
                Access.Caller, "exportConsents", "Consents", "Export all consents",
                "A file of all, by JID: `text/csv`, which can be imported again, or with `format=json` an array. It is streamed: what changes meanwhile may be in it or not.")
            .Takes(State, new DocumentedParameter("format", ParameterLocation.Query, JsonSchemaType.String, "csv or json. Default csv."))
            .Answers<ConsentResource[]>(StatusCodes.Status200OK, "The file.")
            .Fails(ErrorCodes.ValidationError);
    }

    private static async Task<IResult> Read(HttpContext http, [Description("The recipient.")] string number, IConsentStore consents) =>
        ConsentRow.ParsePerson(number, out var error) is not { } jid ? ApiError.Invalid("number", error!)
        : await consents.FindAsync(http.GetCaller().TenantId, jid, http.RequestAborted) is { } consent ? Answered(consent)
        : NotFound;

    private static async Task<IResult> Put(
        HttpContext http, [Description("The recipient.")] string number, JsonBody body, IConsentStore consents, OptOutNews news, TimeProvider clock)
    {
        if (ConsentRow.ParsePerson(number, out var invalid) is not { } jid)
        {
            return ApiError.Invalid("number", invalid!);
        }

        var now = clock.GetUtcNow();
        var (said, error) = await body.ReadAsync(http, fields => new Consent
        {
            TenantId = http.GetCaller().TenantId,
            ChatJid = jid,
            State = fields.OneOf<ConsentState>("state", required: true) ?? default,
            Source = ConsentSource.Api,
            At = now,
            Since = now,
            Detail = fields.Text("note", max: ConsentRow.LongestNote),
        });
        if (said is null)
        {
            return error!;
        }

        var stored = await consents.PutAsync(said);
        await news.TellAsync([stored]);
        return Answered(stored);
    }

    private static async Task<IResult> Delete(HttpContext http, [Description("The recipient.")] string number, IConsentStore consents)
    {
        if (ConsentRow.ParsePerson(number, out var error) is not { } jid)
        {
            return ApiError.Invalid("number", error!);
        }

        var force = Query.Flag(http.Request, out var invalid, "force") ?? false;
        return invalid ?? (IResult)(await consents.DeleteAsync(http.GetCaller().TenantId, jid, force) switch
        {
            ConsentRemoval.Removed => Answer.Ok(new DoneAnswer { Message = "Consent forgotten" }, ApiJson.Wire.DoneAnswer),
            ConsentRemoval.KeptOptOut => KeptOptOut,
            _ => NotFound,
        });
    }

    private static async Task<IResult> List(HttpContext http, IConsentStore consents)
    {
        var state = StateOf(http.Request, out var badState);
        var limit = Query.Integer(http.Request, "limit", 1, LongestPage, out var badLimit) ?? DefaultPage;
        if ((badState ?? badLimit) is { } invalid)
        {
            return invalid;
        }

        var page = await consents.ListAsync(http.GetCaller().TenantId, state, Query.Text(http.Request, "after"), limit, http.RequestAborted);
        return Answer.Ok(
            new ConsentsAnswer { Consents = [.. page.Select(ConsentResource.Of)], Next = page.Length == limit ? page[^1].ChatJid : null },
            ApiJson.Wire.ConsentsAnswer);
    }

    private static IResult Export(HttpContext http, IConsentStore consents)
    {
        var state = StateOf(http.Request, out var invalid);
        var format = Query.Text(http.Request, "format") ?? "csv";
        return invalid is not null ? invalid
            : format is not ("csv" or "json") ? ApiError.Invalid("format", "must be csv or json")
            : new ConsentExport(consents, http.GetCaller().TenantId, state, csv: format == "csv");
    }

    private static ConsentState? StateOf(HttpRequest request, out ApiError? error)
    {
        error = null;
        if (Query.Text(request, "state") is not { } text)
        {
            return null;
        }

        var state = StoredName.Parse<ConsentState>(text);
        error = state is null ? ApiError.Invalid("state", $"must be {StoredName.List<ConsentState>()}") : null;
        return state;
    }

    private static IResult Answered(Consent consent) => Answer.Ok(new ConsentAnswer { Consent = ConsentResource.Of(consent) }, ApiJson.Wire.ConsentAnswer);
}
