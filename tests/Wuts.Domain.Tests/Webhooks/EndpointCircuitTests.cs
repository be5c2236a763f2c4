using Wuts.Domain.Webhooks;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Webhooks;

public sealed class EndpointCircuitTests
{
    [Fact]
    public void A_few_failures_pause_nothing()
    {
        var circuit = Failed(EndpointCircuit.Threshold - 1);

        Assert.True(circuit.IsClosed);
        Assert.True(circuit.MayTry(T0));
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(7, 4)]
    [InlineData(10, 32)]
    [InlineData(11, 60)]
    [InlineData(1000, 60)]
    public void From_the_fifth_failure_in_a_row_the_pause_doubles_up_to_a_minute(int failures, int seconds)
    {
        var before = Failed(failures - 1);
        var last = before.OpenUntil > T0 ? before.OpenUntil : T0;
        var circuit = before.Failed(last, jitter: 0);

        Assert.False(circuit.IsClosed);
        Assert.False(circuit.MayTry(last.AddSeconds(seconds).AddTicks(-1)));
        Assert.True(circuit.MayTry(last.AddSeconds(seconds)));
    }

    [Fact]
    public void What_was_under_way_when_a_pause_began_does_not_make_it_longer()
    {
        var open = Failed(EndpointCircuit.Threshold);

        Assert.Same(open, open.Failed(open.OpenUntil.AddTicks(-1), jitter: 0));
    }

    [Fact]
    public void Jitter_adds_up_to_a_quarter() => Assert.Equal(T0.AddSeconds(1.25), Failed(4).Failed(T0, jitter: 1).OpenUntil);

    [Fact]
    public void One_success_closes_it()
    {
        Assert.Equal(EndpointCircuit.Closed, Failed(1000).Succeeded());
        Assert.Same(EndpointCircuit.Closed, EndpointCircuit.Closed.Succeeded());
    }

    // Each as soon as it may be tried.
    private static EndpointCircuit Failed(int times) => Enumerable.Range(0, times).Aggregate(
        EndpointCircuit.Closed, (circuit, _) => circuit.Failed(circuit.OpenUntil > T0 ? circuit.OpenUntil : T0, jitter: 0));
}
