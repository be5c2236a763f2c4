using Wuts.Grains.Quotas;

namespace Wuts.Grains.Tests.Quotas;

public sealed class FairGateTests
{
    [Fact]
    public void A_tenant_that_fills_the_gate_keeps_another_waiting_for_one_place_only()
    {
        var gate = new FairGate(places: 4);
        var noisy = Enumerable.Range(0, 20).Select(_ => gate.Enter("noisy", weight: 1)).ToArray();
        var quiet = gate.Enter("quiet", weight: 1);

        Assert.Equal((4, false, 17), (noisy.Count(t => t.IsInside), quiet.IsInside, gate.Waiting));
        noisy[0].Dispose();

        Assert.True(quiet.IsInside);
    }

    [Fact]
    public void Weights_divide_the_places()
    {
        var gate = new FairGate(places: 6);
        var first = Enumerable.Range(0, 6).Select(_ => gate.Enter("first", weight: 1)).ToArray();
        var (one, two) = (Enumerable.Range(0, 9).Select(_ => gate.Enter("one", 1)).ToArray(), Enumerable.Range(0, 9).Select(_ => gate.Enter("two", 2)).ToArray());

        Assert.All(first, ticket => ticket.Dispose());

        Assert.Equal((2, 4), (one.Count(t => t.IsInside), two.Count(t => t.IsInside)));
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_passed_over()
    {
        var gate = new FairGate(places: 1);
        var inside = gate.Enter("a", 1);
        using var gaveUp = new CancellationTokenSource();
        using var impatient = gate.Enter("a", 1);
        var waiting = impatient.WhenAdmitted(gaveUp.Token);
        using var next = gate.Enter("a", 1);

        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        inside.Dispose();

        Assert.True(next.IsInside);
        Assert.Null(gate.TryEnter("b", 1));
    }
}
