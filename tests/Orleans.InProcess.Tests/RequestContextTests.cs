using Orleans.InProcess.Tests.Support;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class RequestContextTests(SiloFixture silo)
{
    private readonly IContextGrain _grain = silo.Grains.GetGrain<IContextGrain>(SiloFixture.NewKey());

    [Fact]
    public async Task A_value_flows_to_the_grain_and_on_through_its_own_calls()
    {
        RequestContext.Set("colour", "green");

        Assert.Equal("green", await _grain.Get("colour"));
        Assert.Equal("green", await _grain.GetThrough(SiloFixture.NewKey(), "colour"));
    }

    [Fact]
    public async Task What_the_grain_sets_does_not_flow_back()
    {
        RequestContext.Set("colour", "green");

        await _grain.Set("colour", "red");

        Assert.Equal("green", RequestContext.Get("colour"));
    }

    [Fact]
    public async Task What_the_caller_sets_after_the_call_is_not_seen_by_it()
    {
        RequestContext.Set("colour", "green");
        var call = _grain.GetLate("colour");
        RequestContext.Set("colour", "red");

        Assert.Equal("green", await call);
    }

    [Fact]
    public async Task A_value_does_not_stay_with_the_grain()
    {
        RequestContext.Set("colour", "green");
        await _grain.Get("colour");
        RequestContext.Clear();

        Assert.Null(await _grain.Get("colour"));
    }

    [Fact]
    public void Values_can_be_removed_and_listed()
    {
        RequestContext.Set("a", 1);
        RequestContext.Set("b", 2);

        Assert.True(RequestContext.Remove("a"));

        Assert.False(RequestContext.Remove("a"));
        Assert.Null(RequestContext.Get("a"));
        Assert.Equal(["b"], RequestContext.Keys);
    }
}

public interface IContextGrain : IGrainWithStringKey
{
    Task<object?> Get(string name);

    Task<object?> GetLate(string name);

    Task<object?> GetThrough(string other, string name);

    Task Set(string name, string value);
}

internal sealed class ContextGrain : Grain, IContextGrain
{
    public Task<object?> Get(string name) => Task.FromResult(RequestContext.Get(name));

    public async Task<object?> GetLate(string name)
    {
        await Task.Yield();
        return RequestContext.Get(name);
    }

    public Task<object?> GetThrough(string other, string name) => GrainFactory.GetGrain<IContextGrain>(other).Get(name);

    public Task Set(string name, string value)
    {
        RequestContext.Set(name, value);
        return Task.CompletedTask;
    }
}
