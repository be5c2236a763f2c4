using System.Reflection;
using Wuts.Server;

namespace Wuts.EndToEnd.Tests;

public sealed class StartupTests
{
    [Fact]
    public async Task A_second_process_on_the_same_data_refuses_to_start_and_says_why()
    {
        await using var wuts = new WutsProcess();
        Assert.True(await wuts.StartAsync(), wuts.Output);

        await using var second = new WutsProcess();
        Assert.False(await second.StartAsync("--data", wuts.Data));

        Assert.Contains($"The data in {wuts.Data} is in use by process", second.Output);
    }

    [Fact]
    public async Task Data_and_tokens_outlive_the_process()
    {
        await using var wuts = new WutsProcess("--demo", "true");
        Assert.True(await wuts.StartAsync(), wuts.Output);
        var tenants = await wuts.CallAsync(HttpMethod.Get, "/tenants", token: WutsProcess.MasterToken);

        await wuts.KillAsync();
        Assert.True(await wuts.StartAsync(), wuts.Output);

        Assert.Equal(
            tenants["tenants"]!.ToJsonString(),
            (await wuts.CallAsync(HttpMethod.Get, "/tenants", token: WutsProcess.MasterToken))["tenants"]!.ToJsonString());
    }

    [Theory]
    [InlineData("--storage", "oracle", "Wuts:Storage:Provider is 'oracle'; it must be 'sqlite' or 'postgres'.")]
    [InlineData("--storage", "postgres", "Wuts:Storage:ConnectionString is needed")]
    [InlineData("--role", "king", "Wuts:Role must be 'all', 'silo', 'gateway' or 'simulator'.")]
    [InlineData("--master-token", "short", "Wuts:MasterToken must have at least 16 characters")]
    [InlineData("--colour", "red", "unknown option '--colour'")]
    public async Task A_wrong_setting_is_refused_by_its_name(string option, string value, string expected)
    {
        await using var wuts = new WutsProcess();

        Assert.False(await wuts.StartAsync(option, value));

        Assert.Contains(expected, wuts.Output);
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("gateway")]
    public async Task A_process_of_a_cluster_is_refused_with_all_that_it_lacks_or_by_an_engine_that_has_no_clusters(string role)
    {
        await using var wuts = new WutsProcess(role, []) { HasMasterToken = false };

        Assert.False(await wuts.StartAsync());

        string[] reasons = IsOrleans
            ? [$"Wuts:Role={role} needs Wuts:Storage:Provider=postgres", $"Wuts:Role={role} needs Wuts:MasterToken", $"Wuts:Role={role} needs Wuts:EncryptionKey"]
            : ["The roles silo and gateway need the engine 'orleans'", "--role all"];
        Assert.All(reasons, reason => Assert.Contains(reason, wuts.Output));
        Assert.Equal(1, await wuts.ExitAsync());
    }

    private static bool IsOrleans => typeof(WutsServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "WutsEngine").Value == "orleans";
}
