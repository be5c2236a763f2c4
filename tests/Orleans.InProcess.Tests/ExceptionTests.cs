using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class ExceptionTests(SiloFixture silo)
{
    private readonly string _key = SiloFixture.NewKey();

    private IFailingGrain Grain => silo.Grains.GetGrain<IFailingGrain>(_key);

    [Fact]
    public async Task An_exception_reaches_the_caller_with_its_type_and_message()
    {
        var exception = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Grain.Fail("too far east"));

        Assert.Equal("too far east", exception.Message);
    }

    [Fact]
    public async Task An_exception_of_the_applications_own_reaches_the_caller()
    {
        var exception = await Assert.ThrowsAsync<OutOfStampsException>(() => Grain.FailInItsOwnWay());

        Assert.Equal("no stamps", exception.Message);
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_through_another_grain()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Grain.FailThrough(SiloFixture.NewKey()));
    }

    [Fact]
    public async Task A_method_that_throws_before_its_first_await_fails_its_task_like_any_other()
    {
        var call = Grain.FailAtOnce();

        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () => await call);
    }

    [Fact]
    public async Task Several_may_await_the_same_failed_call()
    {
        var call = Grain.Fail("for all of you");

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Assert.ThrowsAsync<InvalidTimeZoneException>(() => call)));
    }

    [Fact]
    public async Task A_grain_that_threw_goes_on()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Grain.Fail("once"));

        Assert.Equal("fine", await Grain.Work());
    }
}

public sealed class OutOfStampsException(string message) : Exception(message);

public interface IFailingGrain : IGrainWithStringKey
{
    Task Fail(string message);

    Task FailInItsOwnWay();

    Task FailThrough(string other);

    ValueTask<int> FailAtOnce();

    ValueTask<string> Work();
}

internal sealed class FailingGrain : Grain, IFailingGrain
{
    public async Task Fail(string message)
    {
        await Task.Yield();
        throw new InvalidTimeZoneException(message);
    }

    public async Task FailInItsOwnWay()
    {
        await Task.Yield();
        throw new OutOfStampsException("no stamps");
    }

    public Task FailThrough(string other) => GrainFactory.GetGrain<IFailingGrain>(other).Fail("through another");

    public ValueTask<int> FailAtOnce() => throw new InvalidTimeZoneException("at once");

    public ValueTask<string> Work() => new("fine");
}
