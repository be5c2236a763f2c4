using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Wuts.Api.Answers;
using Wuts.Domain.Compliance;
using Wuts.Storage;

namespace Wuts.Api.Consents;

/// <summary>Streams all consents of a tenant, a page at a time, so that their number does not matter.</summary>
internal sealed class ConsentExport(IConsentStore consents, string tenantId, ConsentState? state, bool csv) : IResult
{
    private const int PageSize = 1000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        // The first page is read before the answer begins, so that an outage is an error and not half a file.
        var stop = httpContext.RequestAborted;
        var page = await consents.ListAsync(tenantId, state, after: null, PageSize, stop);
        var response = httpContext.Response;
        response.ContentType = csv ? "text/csv; charset=utf-8" : "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentDisposition = $"attachment; filename=\"consents.{(csv ? "csv" : "json")}\"";

        var text = new StringBuilder(csv ? "" : "[");
        if (csv)
        {
            Requests.CsvRows.Write(text, "number", "state", "at", "since", "source", "device_id", "note");
        }

        for (var first = true; ; first = false)
        {
            for (var i = 0; i < page.Length; i++)
            {
                Write(text, ConsentResource.Of(page[i]), isFirst: first && i == 0);
            }

            await response.WriteAsync(text.ToString(), stop);
            text.Clear();
            if (page.Length < PageSize)
            {
                break;
            }

            page = await consents.ListAsync(tenantId, state, page[^1].ChatJid, PageSize, stop);
        }

        await response.WriteAsync(csv ? "" : "]\n", stop);
    }

    private void Write(StringBuilder text, ConsentResource consent, bool isFirst)
    {
        if (csv)
        {
            Requests.CsvRows.Write(
                text, consent.Number, consent.State, Timestamp(consent.At), Timestamp(consent.Since), consent.Source, consent.DeviceId, consent.Note);
        }
        else
        {
            text.Append(isFirst ? "\n" : ",\n").Append(JsonSerializer.Serialize(consent, ApiJson.Wire.ConsentResource));
        }
    }

    private static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
