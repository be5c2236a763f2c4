using Orleans.InProcess.Tests.Support;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class GrainIdentityTests(SiloFixture silo)
{
    private readonly string _key = SiloFixture.NewKey();

    [Fact]
    public async Task A_grain_type_that_is_named_is_part_of_the_identity()
    {
        var grain = silo.Grains.GetGrain<INamedGrain>(_key);

        Assert.Equal($"a-name/{_key}", grain.GetGrainId().ToString());
        Assert.Equal(grain.GetGrainId().ToString(), await grain.WhoAmI());
    }

    [Fact]
    public void A_grain_type_that_is_not_named_is_the_name_of_the_class()
    {
        Assert.Equal($"unnamed/{_key}", silo.Grains.GetGrain<IUnnamedGrain>(_key).GetGrainId().ToString());
    }

    [Fact]
    public async Task A_key_may_have_slashes_and_any_letters()
    {
        var key = $"ténant/{_key}/ü#1";
        var grain = silo.Grains.GetGrain<INamedGrain>(key);

        Assert.Equal(key, grain.GetPrimaryKeyString());
        Assert.Equal($"a-name/{key}", await grain.WhoAmI());
    }

    [Fact]
    public async Task A_grain_is_found_by_its_id()
    {
        var id = GrainId.Parse($"a-name/{_key}");

        Assert.Equal(id.ToString(), await silo.Grains.GetGrain<INamedGrain>(id).WhoAmI());
    }

    [Fact]
    public void References_to_the_same_grain_are_equal()
    {
        var one = silo.Grains.GetGrain<INamedGrain>(_key);
        var other = silo.Grains.GetGrain<INamedGrain>(_key);

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, silo.Grains.GetGrain<INamedGrain>(SiloFixture.NewKey()));
    }

    [Fact]
    public async Task A_reference_can_be_cast_to_another_interface_of_the_grain()
    {
        var other = silo.Grains.GetGrain<INamedGrain>(_key).AsReference<IAlsoNamedGrain>();

        Assert.Equal("also", await other.Also());
    }

    [Fact]
    public async Task A_grain_can_hand_out_a_reference_to_itself()
    {
        var grain = silo.Grains.GetGrain<INamedGrain>(_key);

        Assert.Equal(grain, await grain.Myself());
    }

    [Fact]
    public async Task Where_several_classes_implement_an_interface_the_prefix_chooses()
    {
        Assert.Equal("red", await silo.Grains.GetGrain<IColourGrain>(_key, typeof(RedGrain).FullName).Name());
        Assert.Equal("blue", await silo.Grains.GetGrain<IColourGrain>(_key, typeof(BlueGrain).FullName).Name());
        Assert.Throws<ArgumentException>(() => silo.Grains.GetGrain<IColourGrain>(_key));
    }

    [Fact]
    public void An_interface_that_no_class_implements_is_refused()
    {
        Assert.Throws<ArgumentException>(() => silo.Grains.GetGrain<INobodysGrain>(_key));
    }

    [Fact]
    public async Task An_internal_interface_is_enough()
    {
        Assert.Equal("internal", await silo.Grains.GetGrain<IInternalGrain>(_key).Name());
    }

    [Fact]
    public async Task A_class_may_be_a_grain_without_the_usual_base()
    {
        Assert.Equal(_key, await silo.Grains.GetGrain<IPlainGrain>(_key).Key());
    }

    [Fact]
    public async Task The_client_of_the_cluster_reaches_the_same_grain_as_the_silo()
    {
        var grain = silo.Cluster.Client.GetGrain<INamedGrain>(_key);

        Assert.Equal($"a-name/{_key}", await grain.WhoAmI());
    }
}

[Alias("tests.named")]
public interface INamedGrain : IGrainWithStringKey
{
    [Alias("who-am-i")]
    Task<string> WhoAmI();

    Task<INamedGrain> Myself();
}

public interface IAlsoNamedGrain : IGrainWithStringKey
{
    Task<string> Also();
}

public interface IUnnamedGrain : IGrainWithStringKey;

public interface IColourGrain : IGrainWithStringKey
{
    Task<string> Name();
}

public interface INobodysGrain : IGrainWithStringKey;

internal interface IInternalGrain : IGrainWithStringKey
{
    Task<string> Name();
}

public interface IPlainGrain : IGrainWithStringKey
{
    Task<string> Key();
}

[GrainType("a-name")]
internal sealed class ClassOfAnyName : Grain, INamedGrain, IAlsoNamedGrain
{
    public Task<string> WhoAmI() => Task.FromResult(this.GetGrainId().ToString());

    public Task<INamedGrain> Myself() => Task.FromResult(this.AsReference<INamedGrain>());

    public Task<string> Also() => Task.FromResult("also");
}

internal sealed class UnnamedGrain : Grain, IUnnamedGrain;

internal sealed class RedGrain : Grain, IColourGrain
{
    public Task<string> Name() => Task.FromResult("red");
}

internal sealed class BlueGrain : Grain, IColourGrain
{
    public Task<string> Name() => Task.FromResult("blue");
}

internal sealed class InternalGrain : Grain, IInternalGrain
{
    public Task<string> Name() => Task.FromResult("internal");
}

internal sealed class PlainGrain(IGrainContext context) : IGrainBase, IPlainGrain
{
    public IGrainContext GrainContext => context;

    public Task<string> Key() => Task.FromResult(context.GrainId.Key.ToString());
}
