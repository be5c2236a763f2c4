using Orleans.InProcess.Tests.Support;
using Orleans.Serialization;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class RefusedTypeTests(SiloFixture silo)
{
    private readonly IMirrorGrain _grain = silo.Grains.GetGrain<IMirrorGrain>(SiloFixture.NewKey());

    [Fact]
    public async Task A_class_without_a_serializer_is_refused_as_an_argument()
    {
        var exception = await Assert.ThrowsAsync<CodecNotFoundException>(async () => await _grain.Reflect(new Unannotated()));

        Assert.Contains(nameof(Unannotated), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_without_a_serializer_is_refused_inside_another_value()
    {
        await Assert.ThrowsAsync<CodecNotFoundException>(async () => await _grain.Reflect(new List<object> { new Unannotated() }));
    }

    [Fact]
    public async Task A_class_without_a_serializer_is_refused_as_a_result()
    {
        await Assert.ThrowsAsync<CodecNotFoundException>(() => silo.Grains.GetGrain<ICarelessGrain>(SiloFixture.NewKey()).Answer());
    }

    [Fact]
    public async Task The_grain_is_not_called_with_what_was_refused()
    {
        await Assert.ThrowsAsync<CodecNotFoundException>(() => _grain.Keep(new Unannotated()));

        Assert.Null(await _grain.Kept());
    }
}

public sealed class Unannotated
{
    public int Number { get; set; }
}

public interface ICarelessGrain : IGrainWithStringKey
{
    Task<object> Answer();
}

internal sealed class CarelessGrain : Grain, ICarelessGrain
{
    public Task<object> Answer() => Task.FromResult<object>(new Unannotated());
}
