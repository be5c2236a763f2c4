using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;
using Wuts.Api.Requests;
using Wuts.Domain.Compliance;
using Wuts.Storage;

namespace Wuts.Api.Consents;

/// <summary>Many consents at once, as they come from another system.</summary>
internal static class ConsentImportEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/consents/import", Import)
            .Documented(
                Access.Manager, "importConsents", "Consents", "Import consents",
                $"At most {ConsentRow.MostRows} recipients in a request, all of them or none: a JSON array, or `text/csv` with the columns number, state, "
                + "at and note, named in its first line (others are ignored, as those of an export). Of two words about a recipient the newer counts, so that importing a list again, or an old "
                + "one, undoes nothing. Errors name the row, counted from 1 without the header.")
            .TakesRows<ConsentRowRequest>()
            .Answers<ConsentImportAnswer>(StatusCodes.Status200OK, "Imported.");

    private static async Task<IResult> Import(
        HttpContext http, JsonBody body, RequestBytes bytes, IConsentStore consents, OptOutNews news, TimeProvider clock)
    {
        var tenantId = http.GetCaller().TenantId;
        var reader = new ConsentRow(tenantId, clock.GetUtcNow());
        var (rows, error) = IsCsv(http.Request) ? await ReadCsvAsync(http, bytes, reader) : await ReadJsonAsync(http, body, reader);
        if ((error ?? reader.Error) is { } refusal)
        {
            return refusal;
        }

        var changed = await consents.ImportAsync(tenantId, rows);
        await news.TellAsync(rows);
        return Answer.Ok(new ConsentImportAnswer { Rows = rows.Length, Changed = changed }, ApiJson.Wire.ConsentImportAnswer);
    }

    private static bool IsCsv(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase);

    private static async Task<(ImmutableArray<Consent> Rows, ApiError? Error)> ReadJsonAsync(HttpContext http, JsonBody body, ConsentRow reader)
    {
        var (rows, error) = await body.ReadArrayAsync(http, array => reader.ReadJson(array).ToArray());
        return ([.. rows ?? []], error);
    }

    private static async Task<(ImmutableArray<Consent> Rows, ApiError? Error)> ReadCsvAsync(HttpContext http, RequestBytes bytes, ConsentRow reader)
    {
        var (text, error) = await bytes.ReadAsync(http);
        if (text is null)
        {
            return ([], error);
        }

        return CsvRows.Parse(text, out var fault) is { } rows ? (reader.ReadCsv(rows), null) : ([], new(ErrorCodes.ValidationError, fault!));
    }
}
