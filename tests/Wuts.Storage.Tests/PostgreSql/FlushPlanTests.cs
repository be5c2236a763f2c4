using System.Text.RegularExpressions;
using Npgsql;
using Wuts.Storage.PostgreSql.Writing;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.PostgreSql;

/// <summary>The plan of a flush is made once, perhaps on a new database. A bad one halves the throughput, and more as tables grow.</summary>
[NeedsPostgreSql]
public sealed class FlushPlanTests(PostgreSqlStorage storage) : IClassFixture<PostgreSqlStorage>
{
    [StorageFact]
    public async Task On_a_new_database_every_row_is_found_by_its_primary_key()
    {
        var plan = string.Join('\n', await ExplainAsync());

        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Join  (", plan, StringComparison.Ordinal);
        Assert.Equal(
            ["consent_modes_pkey", "consents_pkey", "contacts_pkey", "devices_pkey", "messages_pkey", "tenants_pkey", "webhook_sequences_pkey", "webhook_subscriptions_pkey"],
            Regex.Matches(plan, @"using (\w+) on").Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));
    }

    private async Task<List<string>> ExplainAsync()
    {
        await using var source = NpgsqlDataSource.Create(PostgreSqlFlushTarget.SettingsFrom(storage.ConnectionString));
        await using var connection = await source.OpenConnectionAsync();
        await using (var prepare = new NpgsqlCommand($"PREPARE flush AS {FlushStatement.Sql}", connection))
        {
            await prepare.ExecuteNonQueryAsync();
        }

        var nothing = string.Join(", ", Enumerable.Repeat("NULL", FlushStatement.Parameters));
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE flush({nothing})", connection);
        await using var reader = await explain.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }
}
