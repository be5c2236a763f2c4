using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Wuts.Api.Answers;
using Wuts.Api.Errors;
using Wuts.Api.Requests;
using Wuts.Domain.Compliance;
using Wuts.Domain.Sending;

namespace Wuts.Api.Consents;

/// <summary>Reads the rows of an import, from JSON or CSV, and notes what is wrong with each.</summary>
internal sealed class ConsentRow(string tenantId, DateTimeOffset now)
{
    public const int LongestNote = 500;
    public const int MostRows = 10_000;

    private const int MostErrors = 100;
    private static readonly ImmutableArray<string> Columns = ["number", "state", "at", "note"];

    private readonly ImmutableArray<FieldError>.Builder _errors = ImmutableArray.CreateBuilder<FieldError>();

    /// <summary>What is wrong; <c>null</c> when nothing is.</summary>
    public ApiError? Error => _errors.Count == 0 ? null : ApiError.Invalid(_errors.ToImmutable());

    /// <summary>The person that a number or JID names; <c>null</c> with the reason.</summary>
    public static string? ParsePerson(string? number, out string? error)
    {
        var jid = Jid.ParseRecipient(number, out error);
        if (jid is not null && !Consent.Concerns(jid))
        {
            error = $"must be a person: a number, …@{Jid.UserServer} or …@{Jid.LidServer}";
            return null;
        }

        return jid;
    }

    public ImmutableArray<Consent> ReadJson(JsonElement rows)
    {
        if (!IsShortEnough(rows.GetArrayLength()))
        {
            return [];
        }

        return [.. rows.EnumerateArray().Select((row, i) => ReadJson(i + 1, row)).OfType<Consent>()];
    }

    public ImmutableArray<Consent> ReadCsv(ImmutableArray<ImmutableArray<string>> rows)
    {
        if (rows.IsEmpty)
        {
            Refuse("header", $"is missing: the first line names the columns ({string.Join(',', Columns)})");
            return [];
        }

        var header = rows[0].Select(name => name.Trim().ToLowerInvariant()).ToArray();
        var places = Columns.Select(name => Array.IndexOf(header, name)).ToArray();
        if (places[0] < 0 || places[1] < 0)
        {
            Refuse("header", $"must name the columns number and state, and may name at and note, separated by commas", rows[0][0]);
            return [];
        }

        return IsShortEnough(rows.Length - 1)
            ? [.. rows.Skip(1).Select((row, i) => Read(i + 1, Cell(row, places[0]), Cell(row, places[1]), Cell(row, places[2]), Cell(row, places[3]))).OfType<Consent>()]
            : [];
    }

    private static string? Cell(ImmutableArray<string> row, int place) => place >= 0 && place < row.Length && row[place].Length > 0 ? row[place] : null;

    private bool IsShortEnough(int rows)
    {
        if (rows > MostRows)
        {
            Refuse("rows", $"must be at most {MostRows}: send the others in further requests");
        }

        return rows <= MostRows;
    }

    private Consent? ReadJson(int number, JsonElement row)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            Refuse($"rows[{number}]", "must be an object");
            return null;
        }

        var cells = new string?[Columns.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            if (!row.TryGetProperty(Columns[i], out var cell) || cell.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            cells[i] = Fields.Read(cell);
            if (cells[i] is null)
            {
                Refuse($"rows[{number}].{Columns[i]}", "must be a string");
                return null;
            }
        }

        return Read(number, cells[0], cells[1], cells[2], cells[3]);
    }

    private Consent? Read(int row, string? number, string? state, string? at, string? note)
    {
        var before = _errors.Count;
        var jid = ParsePerson(number, out var error);
        if (jid is null)
        {
            Refuse($"rows[{row}].number", error!, number);
        }

        var meant = state is null ? null : StoredName.Parse<ConsentState>(state.Trim());
        if (meant is null)
        {
            Refuse($"rows[{row}].state", $"must be {StoredName.List<ConsentState>()}", state);
        }

        var time = now;
        if (at is not null && (!DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time) || time > now))
        {
            Refuse($"rows[{row}].at", "must be a time in RFC 3339, as 2030-01-31T12:00:00Z, and not in the future", at);
        }

        if (note is { Length: > LongestNote } || note?.Contains('\0', StringComparison.Ordinal) == true)
        {
            Refuse($"rows[{row}].note", $"must be at most {LongestNote} characters, without U+0000");
        }

        return _errors.Count > before || jid is null || meant is null
            ? null
            : new() { TenantId = tenantId, ChatJid = jid, State = meant.Value, Source = ConsentSource.Import, At = time, Since = time, Detail = note };
    }

    private void Refuse(string field, string message, string? value = null)
    {
        if (_errors.Count < MostErrors)
        {
            _errors.Add(new(field, message, value is null ? null : RejectedValue.Of(value)));
        }
    }
}
