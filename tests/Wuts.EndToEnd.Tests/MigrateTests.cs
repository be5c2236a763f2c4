using Wuts.Testing;

namespace Wuts.EndToEnd.Tests;

/// <summary><c>wuts migrate</c>, and a start that leaves migrations to it.</summary>
public sealed class MigrateTests
{
    private static readonly string[] WithoutMigrations = ["--Wuts:Storage:Migrate", "false"];

    [Fact]
    public async Task A_sqlite_file_is_brought_up_to_date_before_a_start_that_does_not_do_it()
    {
        await using var wuts = new WutsProcess(WithoutMigrations);

        await RefusesUntilMigrated(wuts, "--data", wuts.Data);
    }

    [PostgreSqlFact]
    public async Task A_postgresql_database_is_brought_up_to_date_before_a_start_that_does_not_do_it()
    {
        string[] database = ["--storage", "postgres", "--connection-string", await (await PostgreSqlServer.Shared).CreateDatabaseAsync()];
        await using var wuts = new WutsProcess([.. database, .. WithoutMigrations]);

        await RefusesUntilMigrated(wuts, database);
    }

    [PostgreSqlFact]
    public async Task Several_may_do_it_at_once()
    {
        string[] database = ["--storage", "postgres", "--connection-string", await (await PostgreSqlServer.Shared).CreateDatabaseAsync()];
        await using var one = new WutsProcess();
        await using var other = new WutsProcess();

        Assert.All(await Task.WhenAll(one.RunAsync(["migrate", .. database]), other.RunAsync(["migrate", .. database])), code => Assert.Equal(0, code));
    }

    [Theory]
    [InlineData("Wuts:Storage:Provider is 'oracle'", 1, "--storage", "oracle")]
    [InlineData("Wuts:Storage:ConnectionString is needed", 1, "--storage", "postgres")]
    [InlineData("cannot be", 1, "--storage", "postgres", "--connection-string", "Host=127.0.0.1;Port=1;Username=wuts")]
    [InlineData("unknown option '--colour'", 2, "--colour", "red")]
    public async Task What_it_cannot_do_it_says(string expected, int code, params string[] settings)
    {
        await using var wuts = new WutsProcess();

        Assert.Equal(code, await wuts.RunAsync(["migrate", .. settings]));

        Assert.Contains(expected, wuts.Output);
        Assert.DoesNotContain("   at ", wuts.Output); // a stack
    }

    private static async Task RefusesUntilMigrated(WutsProcess wuts, params string[] database)
    {
        Assert.False(await wuts.StartAsync());
        Assert.Contains("has schema version 0", wuts.Output);
        Assert.Contains("Run `wuts migrate`, or start with Wuts:Storage:Migrate=true.", wuts.Output);
        Assert.Equal(1, await wuts.ExitAsync());

        for (var again = 0; again < 2; again++)
        {
            Assert.True(await wuts.RunAsync(["migrate", .. database]) == 0, wuts.Output);
            Assert.Contains("is up to date.", wuts.Output);
        }

        Assert.True(await wuts.StartAsync(), wuts.Output);
        await wuts.CallAsync(HttpMethod.Get, "/tenants", token: WutsProcess.MasterToken);
    }
}
