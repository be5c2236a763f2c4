using Orleans.Hosting;
using Orleans.InProcess.Tests.Support;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

public sealed class CallFilterTests(CallFilterTests.Fixture silo) : IClassFixture<CallFilterTests.Fixture>
{
    private readonly string _key = SiloFixture.NewKey();

    private IFilteredGrain Grain => silo.Grains.GetGrain<IFilteredGrain>(_key);

    [Fact]
    public async Task Filters_run_from_the_outgoing_ones_through_those_of_the_silo_to_that_of_the_grain()
    {
        Assert.Equal("value < own < silo 2 < silo 1 < out", await Grain.Get("value"));
    }

    [Fact]
    public async Task A_filter_sees_what_is_called()
    {
        await Grain.Get("look");

        var seen = await silo.Probe.Shown<string>($"{_key} seen");
        Assert.Equal($"{nameof(IFilteredGrain.Get)} {nameof(IFilteredGrain)}.{nameof(IFilteredGrain.Get)} {nameof(FilteredGrain)}.{nameof(FilteredGrain.Get)} 1 look", seen);
    }

    [Fact]
    public async Task A_filter_sees_which_grain_calls()
    {
        var caller = SiloFixture.NewKey();

        await silo.Grains.GetGrain<IFilteredGrain>(caller).Forward(_key);

        Assert.Equal(GrainId.Create("filtered", caller), await silo.Probe.Shown<GrainId?>($"{_key} source"));
    }

    [Fact]
    public async Task A_filter_may_refuse_a_call()
    {
        var exception = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Grain.Get("refuse"));

        Assert.Equal("refused by the filter", exception.Message);
        Assert.False(silo.Probe.Has($"{_key} called with refuse"));
    }

    [Fact]
    public async Task A_filter_may_answer_in_the_place_of_the_grain()
    {
        Assert.StartsWith("instead", await Grain.Get("instead"), StringComparison.Ordinal);
        Assert.False(silo.Probe.Has($"{_key} called with instead"));
    }

    [Fact]
    public async Task A_filter_may_handle_an_exception_of_the_grain()
    {
        Assert.StartsWith("handled", await Grain.Get("throw"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outgoing_filter_may_change_an_argument()
    {
        await Grain.Get("change me");

        await silo.Probe.Reached($"{_key} called with changed");
    }

    [Fact]
    public async Task An_outgoing_filter_may_try_again()
    {
        await Grain.FailOnce();

        Assert.Equal(2, silo.Probe.CountOf($"{_key} tries"));
    }

    public sealed class Fixture : SiloFixture
    {
        protected override void Configure(ISiloBuilder silo)
        {
            base.Configure(silo);
            silo.AddIncomingGrainCallFilter(new SiloFilter(Probe));
            silo.AddIncomingGrainCallFilter(async context =>
            {
                await context.Invoke();
                Append(context, "silo 2");
            });
            silo.AddOutgoingGrainCallFilter<OutgoingFilter>();
        }
    }

    private static void Append(IGrainCallContext context, string name)
    {
        if (context.InterfaceMethod.Name == nameof(IFilteredGrain.Get))
        {
            context.Result = $"{context.Result} < {name}";
        }
    }

    private sealed class SiloFilter(Probe probe) : IIncomingGrainCallFilter
    {
        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.Grain is not IFilteredGrain)
            {
                await context.Invoke();
                return;
            }

            probe.Show($"{context.TargetId.Key} source", context.SourceId);
            var argument = context.Request.GetArgumentCount() == 1 ? context.Request.GetArgument(0) : null;
            switch (argument)
            {
                case "refuse":
                    throw new UnauthorizedAccessException("refused by the filter");
                case "instead":
                    context.Result = "instead";
                    return;
                case "throw":
                    await Assert.ThrowsAsync<InvalidOperationException>(context.Invoke);
                    context.Result = "handled";
                    return;
                case "look":
                    var (declared, implemented) = (context.InterfaceMethod, context.ImplementationMethod);
                    probe.Show(
                        $"{context.TargetId.Key} seen",
                        $"{context.MethodName} {declared.DeclaringType!.Name}.{declared.Name} {implemented.DeclaringType!.Name}.{implemented.Name} {context.Request.GetArgumentCount()} {argument}");
                    break;
                default:
                    break;
            }

            await context.Invoke();
            Append(context, "silo 1");
        }
    }

    private sealed class OutgoingFilter : IOutgoingGrainCallFilter
    {
        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            if (context.InterfaceMethod.DeclaringType != typeof(IFilteredGrain))
            {
                await context.Invoke();
                return;
            }

            if (context.Request.GetArgumentCount() == 1 && context.Request.GetArgument(0) is "change me")
            {
                context.Request.SetArgument(0, "changed");
            }

            try
            {
                await context.Invoke();
            }
            catch (InvalidTimeZoneException)
            {
                await context.Invoke();
            }

            Append(context, "out");
        }
    }
}

public interface IFilteredGrain : IGrainWithStringKey
{
    Task<string> Get(string value);

    Task Forward(string other);

    Task FailOnce();
}

[GrainType("filtered")]
internal sealed class FilteredGrain(Probe probe) : Grain, IFilteredGrain, IIncomingGrainCallFilter
{
    private string Key => this.GetPrimaryKeyString();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.MethodName == nameof(Get))
        {
            context.Result = $"{context.Result} < own";
        }
    }

    public Task<string> Get(string value)
    {
        probe.Set($"{Key} called with {value}");
        return value == "throw" ? throw new InvalidOperationException("the grain throws") : Task.FromResult(value);
    }

    public Task Forward(string other) => GrainFactory.GetGrain<IFilteredGrain>(other).Get("forwarded");

    public Task FailOnce() => probe.Count($"{Key} tries") == 1 ? throw new InvalidTimeZoneException("once") : Task.CompletedTask;
}
