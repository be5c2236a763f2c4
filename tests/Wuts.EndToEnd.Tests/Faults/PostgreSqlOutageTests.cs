using Wuts.EndToEnd.Tests.Witnesses;
using Wuts.Testing;
using Xunit.Abstractions;

namespace Wuts.EndToEnd.Tests.Faults;

/// <summary>The database goes away under load and comes back; the process stays up and is not restarted.</summary>
[Collection(FaultCollection.Name)]
public sealed class PostgreSqlOutageTests(ITestOutputHelper output)
{
    private const string User = "app";
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);

    [PostgreSqlFact]
    public async Task A_crash_of_PostgreSQL_loses_and_doubles_nothing()
    {
        await using var installation = await Installation.OnPostgreSqlAsync();
        await using var run = await FaultRun.BeginAsync(installation, output);
        for (var crash = 0; crash < 2; crash++)
        {
            await run.LoadAsync(1000, 2000);
            await run.DisturbAsync("PostgreSQL crashed", async () =>
            {
                await installation.Server!.CrashAsync();
                await Task.Delay(TimeSpan.FromSeconds(4)); // the fault itself
                await installation.Server.RestartAsync();
            });
        }

        await run.LoadAsync(1000, 2000);
        await run.JudgeAsync("PostgreSQL crashed for 4 s, twice", output);
    }

    [PostgreSqlFact]
    public async Task Running_out_of_connections_loses_and_doubles_nothing()
    {
        await using var installation = await Installation.OnPostgreSqlAsync(User);
        await using var run = await FaultRun.BeginAsync(installation, output);
        await run.LoadAsync(1000, 2000);
        await run.DisturbAsync("no connections", async () =>
        {
            await installation.ExecuteAsync($"ALTER ROLE {User} CONNECTION LIMIT 0"); // committed before the next, or new connections would slip in
            await installation.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{User}'");
            await Task.Delay(Outage); // the fault itself
            await installation.ExecuteAsync($"ALTER ROLE {User} CONNECTION LIMIT -1");
        });
        await run.LoadAsync(1000, 2000);
        await run.JudgeAsync($"PostgreSQL out of connections for {Outage.TotalSeconds:0} s", output);
        Assert.InRange(run.LongestStall, Outage / 2, TimeSpan.MaxValue); // or there was no outage
    }
}
