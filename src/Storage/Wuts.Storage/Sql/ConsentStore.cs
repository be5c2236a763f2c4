using System.Collections.Immutable;
using System.Text.Json;
using Wuts.Domain.Compliance;
using Wuts.Domain.Sending;

namespace Wuts.Storage.Sql;

// Whatever changes what may be sent first waits until no flush is under way that looks at the tenant's consents (HoldClaims).
internal sealed class ConsentStore(SqlDatabase database, TimeProvider clock) : IConsentStore
{
    private const string IsThis = "tenant_id = @tenant_id AND chat_jid = @chat_jid";

    private static readonly string FindSql = $"SELECT {ConsentColumns.Names} FROM consents WHERE {IsThis}";

    private static readonly string PutSql = $"""
        INSERT INTO consents AS c ({ConsentColumns.Names}, updated_at)
        VALUES ({string.Join(", ", ConsentColumns.All.Select(column => "@" + column.Name))}, @updated_at)
        ON CONFLICT (tenant_id, chat_jid) DO UPDATE
        SET at = CASE WHEN c.at > excluded.at THEN c.at ELSE excluded.at END, {ConsentColumns.Change}
        RETURNING {ConsentColumns.Names}
        """;

    private readonly string _importSql = $"""
        {database.Dialect.HoldClaims}
        INSERT INTO consents AS c ({ConsentColumns.Names}, updated_at)
        SELECT {string.Join(", ", ConsentColumns.All.Select((column, i) => Imported(database.Dialect, column, i)))}, @updated_at
        FROM {database.Dialect.RowsOf("@rows")} AS r
        WHERE true
        ON CONFLICT (tenant_id, chat_jid) DO UPDATE SET at = excluded.at, {ConsentColumns.Change}
        WHERE {ConsentColumns.IsNews}
        RETURNING 1
        """;

    public Task<Consent?> FindAsync(string tenantId, string chatJid, CancellationToken cancellationToken) =>
        database.FindAsync(FindSql, [("tenant_id", tenantId), ("chat_jid", chatJid)], ConsentColumns.Read, cancellationToken);

    public async Task<Consent> PutAsync(Consent consent, CancellationToken cancellationToken)
    {
        var stored = await database.WriteAsync(
            $"{database.Dialect.HoldClaims} {PutSql}",
            [.. ConsentColumns.All.Select(column => (column.Name, column.Of(consent))), ("updated_at", clock.GetUtcNow())],
            ConsentColumns.Read,
            cancellationToken);
        return stored[0];
    }

    // No statement may meet a row twice, so what is said of one chat is settled here.
    public async Task<int> ImportAsync(string tenantId, ImmutableArray<Consent> consents, CancellationToken cancellationToken)
    {
        var rows = consents
            .GroupBy(consent => consent.ChatJid)
            .Select(said => said.OrderBy(consent => consent.At).Aggregate((known, change) => known.Apply(change)))
            .Select(consent => ConsentColumns.All.Select(column => column.Of(consent)));
        var news = await database.WriteAsync(
            _importSql,
            [("tenant_id", tenantId), ("rows", WriteRows(rows)), ("updated_at", clock.GetUtcNow())],
            static _ => true,
            cancellationToken);
        return news.Length;
    }

    public async Task<ConsentRemoval> DeleteAsync(string tenantId, string chatJid, bool evenOptedOut, CancellationToken cancellationToken)
    {
        (string, object?)[] names = [("tenant_id", tenantId), ("chat_jid", chatJid), ("even_opted_out", evenOptedOut)];
        return await database.WriteAsync(
                $"{database.Dialect.HoldClaims} DELETE FROM consents WHERE {IsThis} AND (@even_opted_out OR state <> 'opted_out') RETURNING 1",
                names,
                cancellationToken)
            ? ConsentRemoval.Removed
            : await FindAsync(tenantId, chatJid, cancellationToken) is null ? ConsentRemoval.NotFound : ConsentRemoval.KeptOptOut;
    }

    public Task<ImmutableArray<Consent>> ListAsync(
        string tenantId, ConsentState? state, string? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            $"""
            SELECT {ConsentColumns.Names}
            FROM consents
            WHERE tenant_id = @tenant_id AND chat_jid > @after {(state is null ? "" : "AND state = @state")}
            ORDER BY chat_jid
            LIMIT @limit
            """,
            [
                ("tenant_id", tenantId), ("after", after ?? string.Empty), ("limit", limit),
                .. state is { } only ? [("state", StoredName<ConsentState>.Of(only))] : Array.Empty<(string, object?)>(),
            ],
            ConsentColumns.Read,
            cancellationToken);

    public async Task<ConsentPolicy> FindPolicyAsync(string tenantId, CancellationToken cancellationToken) =>
        await database.FindAsync(
            """
            SELECT opt_in_categories, opt_out_keywords, opt_in_keywords, opt_out_confirmation, opt_in_confirmation
            FROM consent_policies
            WHERE tenant_id = @tenant_id
            """,
            [("tenant_id", tenantId)],
            ReadPolicy,
            cancellationToken)
        ?? ConsentPolicy.Default;

    public Task PutPolicyAsync(string tenantId, ConsentPolicy policy, CancellationToken cancellationToken) =>
        database.WriteAsync(
            $"""
            {database.Dialect.HoldClaims}
            DELETE FROM consent_modes WHERE tenant_id = @tenant_id;
            INSERT INTO consent_modes (tenant_id, category) SELECT @tenant_id, value FROM {database.Dialect.TextsOf("@categories")};
            INSERT INTO consent_policies
                (tenant_id, opt_in_categories, opt_out_keywords, opt_in_keywords, opt_out_confirmation, opt_in_confirmation, updated_at)
            VALUES (@tenant_id, @categories, @opt_out_keywords, @opt_in_keywords, @opt_out_confirmation, @opt_in_confirmation, @updated_at)
            ON CONFLICT (tenant_id) DO UPDATE SET
                opt_in_categories = excluded.opt_in_categories, opt_out_keywords = excluded.opt_out_keywords,
                opt_in_keywords = excluded.opt_in_keywords, opt_out_confirmation = excluded.opt_out_confirmation,
                opt_in_confirmation = excluded.opt_in_confirmation, updated_at = excluded.updated_at
            """,
            [
                ("tenant_id", tenantId),
                ("categories", StoredJson.Write<ImmutableArray<string>>([.. policy.OptInCategories.Order().Select(StoredName<Category>.Of)])),
                ("opt_out_keywords", StoredJson.Write(policy.OptOutKeywords)),
                ("opt_in_keywords", StoredJson.Write(policy.OptInKeywords)),
                ("opt_out_confirmation", policy.OptOutConfirmation),
                ("opt_in_confirmation", policy.OptInConfirmation),
                ("updated_at", clock.GetUtcNow()),
            ],
            cancellationToken);

    private static string Imported(SqlDialect dialect, Column<Consent> column, int number) =>
        column.Type == typeof(DateTimeOffset) ? dialect.TimeOf($"r.value ->> {number}") : $"r.value ->> {number}";

    private static string WriteRows(IEnumerable<IEnumerable<object?>> rows)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartArray();
            foreach (var row in rows)
            {
                writer.WriteStartArray();
                foreach (var value in row)
                {
                    WriteValue(writer, value);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(json.ToArray());
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        if (value is DateTimeOffset time)
        {
            writer.WriteNumberValue((time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        }
        else
        {
            writer.WriteStringValue((string?)value);
        }
    }

    private static ConsentPolicy ReadPolicy(SqlRow row) => new()
    {
        OptInCategories = [.. StoredJson.Read<ImmutableArray<string>>(row.Text(0)).Select(StoredName<Category>.Parse)],
        OptOutKeywords = StoredJson.Read<ImmutableArray<string>>(row.Text(1)),
        OptInKeywords = StoredJson.Read<ImmutableArray<string>>(row.Text(2)),
        OptOutConfirmation = row.TextOrNull(3),
        OptInConfirmation = row.TextOrNull(4),
    };
}
