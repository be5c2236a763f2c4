namespace Wuts.EndToEnd.Tests;

public sealed class HealthVerbTests
{
    [Fact]
    public async Task It_ends_with_0_for_a_process_that_is_ready_and_with_1_for_one_that_is_gone_or_leaving()
    {
        await using var wuts = new WutsProcess("--Wuts:ShutdownDelay", "00:05:00");
        await using var probe = new WutsProcess();
        Assert.Equal(1, await probe.RunAsync("health", wuts.Url));
        Assert.Contains("does not answer", probe.Output);

        Assert.True(await wuts.StartAsync(), wuts.Output);
        Assert.Equal(0, await probe.RunAsync("health", wuts.Url));

        await wuts.TellToStopAsync();
        await wuts.UnreadyAsync();
        Assert.Equal(1, await probe.RunAsync("health", wuts.Url));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("--urls", "http://127.0.0.1:8080")]
    public async Task What_is_no_address_ends_with_2(params string[] arguments)
    {
        await using var probe = new WutsProcess();

        Assert.Equal(2, await probe.RunAsync(["health", .. arguments]));

        Assert.Contains("health takes one address", probe.Output);
    }
}
