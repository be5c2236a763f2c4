using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Testing.Checking;

namespace Wuts.EndToEnd.Tests.Witnesses;

/// <summary>The rows of either database, read without any code of the product.</summary>
internal static class StoredRows
{
    private const string Unfinished = """
        SELECT 'message ' || id || ' is in state ' || state FROM messages WHERE state NOT IN (40, 41, 42, 50) AND state < 70
        UNION ALL
        SELECT 'endpoint ' || s.endpoint_id || ' has ' || s.last_sequence || ' events, dealt with up to ' || coalesce(w.delivered_through, 0)
        FROM webhook_sequences s LEFT JOIN webhook_watermarks w ON w.endpoint_id = s.endpoint_id
        WHERE coalesce(w.delivered_through, 0) < s.last_sequence
        UNION ALL
        SELECT 'event ' || sequence || ' of endpoint ' || endpoint_id || ' waits for another attempt' FROM webhook_retries WHERE next_attempt_at IS NOT NULL
        """;

    private const string Messages = """
        SELECT tenant_id, device_id, id, chat_jid, position, accepted_at, due_at, state, uncertain_at, overdue_at, category FROM messages
        """;

    private const string Timelines = """
        SELECT message_id, at, kind, source, attempt, detail FROM message_events ORDER BY message_id, version, n
        """;

    private const string Events = """
        SELECT e.endpoint_id, e.sequence, e.type, e.message_id, e.at, w.enabled, r.sequence IS NOT NULL AND r.next_attempt_at IS NULL AS dead
        FROM webhook_events e
        JOIN webhook_endpoints w ON w.id = e.endpoint_id
        LEFT JOIN webhook_retries r ON r.endpoint_id = e.endpoint_id AND r.sequence = e.sequence
        """;

    /// <summary>What has not come to its end: messages that are not read or failed, webhooks that have not arrived.</summary>
    public static Task<ImmutableArray<string>> ListUnfinishedAsync(DbConnection connection) => ReadAsync(connection, Unfinished, row => row.GetString(0));

    public static async Task<ImmutableArray<StoredMessage>> ReadMessagesAsync(DbConnection connection)
    {
        var timelines = (await ReadAsync(connection, Timelines, row => (Id: row.GetString(0), Entry: new TimelineEntry(
                Time(row, 1),
                Enum.Parse<TimelineKind>(row.GetString(2).Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
                Enum.Parse<TimelineSource>(row.GetString(3), ignoreCase: true),
                row.GetInt32(4),
                row.IsDBNull(5) ? null : row.GetString(5)))))
            .ToLookup(line => line.Id, line => line.Entry);
        return await ReadAsync(connection, Messages, row => new StoredMessage(
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.GetInt64(4),
            Time(row, 5),
            Time(row, 6),
            (MessageState)row.GetInt32(7),
            WasUncertain: !row.IsDBNull(8),
            IsOverdue: !row.IsDBNull(9),
            [.. timelines[row.GetString(2)]],
            States: []) { Category = Enum.Parse<Category>(row.GetString(10), ignoreCase: true) });
    }

    public static Task<ImmutableArray<StoredEvent>> ReadEventsAsync(DbConnection connection) => ReadAsync(connection, Events, row => new StoredEvent(
        row.GetString(0),
        row.GetInt64(1),
        row.GetString(2),
        row.IsDBNull(3) ? null : row.GetString(3),
        WebhookId(row),
        row.GetBoolean(5),
        row.GetBoolean(6)) { At = Time(row, 4) });

    // What every try at an event must carry, made here again from what the event is.
    private static string WebhookId(DbDataReader row)
    {
        var micros = (Time(row, 4) - DateTimeOffset.MinValue).Ticks / TimeSpan.TicksPerMicrosecond;
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{row.GetString(0)}\n{row.GetInt64(1)}\n{row.GetString(2)}\n{(row.IsDBNull(3) ? null : row.GetString(3))}\n{micros}");
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(name));
        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return new Guid(digest.AsSpan(0, 16), bigEndian: true).ToString();
    }

    private static DateTimeOffset Time(DbDataReader row, int column) => row.GetValue(column) switch
    {
        long micros => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond), // as SQLite has it
        DateTime utc => new DateTimeOffset(utc, TimeSpan.Zero),
        var other => throw new InvalidDataException($"A time is stored as {other.GetType()}."),
    };

    private static async Task<ImmutableArray<T>> ReadAsync<T>(DbConnection connection, string sql, Func<DbDataReader, T> map)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = ImmutableArray.CreateBuilder<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(map(reader));
        }

        return rows.DrainToImmutable();
    }
}
