using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.InProcess.Tests.Support;

namespace Orleans.InProcess.Tests;

[Collection(SharedSilo.Name)]
public sealed class CopyTests(SiloFixture silo)
{
    private readonly string _key = SiloFixture.NewKey();

    private IMirrorGrain Grain => silo.Grains.GetGrain<IMirrorGrain>(_key);

    public static TheoryData<object> Values { get; } = new()
    {
        true, (byte)1, 'x', 2.5, 3.5m, "text", DayOfWeek.Friday,
        Guid.NewGuid(), new DateTime(2030, 1, 1), DateTimeOffset.UnixEpoch, TimeSpan.FromHours(1), new Uri("https://example.com/"), new Version(1, 2),
        new byte[] { 1, 2, 3 }, new[] { "a", "b" }, new[] { new Box { Content = 1 } }, new int[,] { { 1, 2 }, { 3, 4 } },
        new List<int> { 1, 2 }, new Dictionary<string, int> { ["a"] = 1 }, new HashSet<string> { "a" }, new Queue<int>([1, 2]),
        ImmutableArray.Create(1, 2), ImmutableList.Create("a"), ImmutableDictionary<string, int>.Empty.Add("a", 1), ImmutableHashSet.Create(1),
        (1, "a"), Tuple.Create(1, "a"), KeyValuePair.Create("a", 1),
        new Box { Content = 1 }, new Parcel("home", 2), new HeavyParcel("home", 2, 3), new Point { X = 1, Y = 2 }, new Label("fragile"),
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task A_value_of_a_supported_type_comes_back_as_it_was(object value)
    {
        var back = await Grain.Reflect(value);

        Assert.IsType(value.GetType(), back);
        Assert.Equivalent(value, back, strict: true);
    }

    [Fact]
    public async Task What_the_caller_changes_after_the_call_the_grain_does_not_see()
    {
        var sent = new List<Box> { new() { Content = 1 } };
        await Grain.Keep(sent);

        sent[0].Content = 2;
        sent.Add(new());

        Assert.Equal(1, Assert.Single((List<Box>)(await Grain.Kept())!).Content);
    }

    [Fact]
    public async Task What_the_grain_changes_in_an_argument_the_caller_does_not_see()
    {
        var sent = new Box { Content = 1 };

        await Grain.Overwrite(sent, 2);

        Assert.Equal(1, sent.Content);
    }

    [Fact]
    public async Task What_the_caller_changes_in_a_result_the_grain_does_not_see()
    {
        await Grain.Keep(new Box { Content = 1 });

        ((Box)(await Grain.Kept())!).Content = 2;

        Assert.Equal(1, ((Box)(await Grain.Kept())!).Content);
    }

    [Fact]
    public async Task A_value_of_an_immutable_type_is_shared()
    {
        var sent = new Label("fragile");

        await Grain.Keep(sent);

        Assert.Same(sent, await silo.Probe.Shown<object>($"{_key} kept"));
    }

    [Fact]
    public async Task A_mutable_value_wrapped_as_immutable_is_shared()
    {
        var sent = new List<int> { 1 };

        await Grain.KeepShared(sent.AsImmutable());

        Assert.Same(sent, await silo.Probe.Shown<object>($"{_key} kept"));
    }

    [Fact]
    public async Task An_object_that_is_referred_to_twice_is_copied_once()
    {
        var box = new Box();

        var back = (List<Box>)(await Grain.Reflect(new List<Box> { box, box }))!;

        Assert.Same(back[0], back[1]);
        Assert.NotSame(box, back[0]);
    }

    [Fact]
    public async Task A_circle_of_objects_is_copied()
    {
        var box = new Box();
        box.Inside = box;

        var back = (Box)(await Grain.Reflect(box))!;

        Assert.Same(back, back.Inside);
        Assert.NotSame(box, back);
    }

    [Fact]
    public async Task A_read_only_list_is_copied_as_what_it_is()
    {
        var sent = new List<Box> { new() { Content = 1 } };

        var back = await Grain.ReflectList(sent);

        Assert.IsType<List<Box>>(back);
        Assert.NotSame(sent[0], back[0]);
    }

    [Fact]
    public async Task A_member_that_is_not_serialized_stays_behind()
    {
        var back = (Box)(await Grain.Reflect(new Box { Content = 1, Note = "for myself" }))!;

        Assert.Null(back.Note);
    }

    [Fact]
    public async Task A_grain_reference_can_be_sent_and_called()
    {
        var other = silo.Grains.GetGrain<IMirrorGrain>(SiloFixture.NewKey());
        await other.Keep("found");

        Assert.Equal("found", await Grain.KeptBy(other));
        Assert.Equal(other, await Grain.ReflectReference(other));
    }
}

[GenerateSerializer]
public sealed class Box
{
    [NonSerialized]
    private string? _note;

    [Id(0)]
    public int Content { get; set; }

    [Id(1)]
    public Box? Inside { get; set; }

    public string? Note
    {
        get => _note;
        set => _note = value;
    }
}

[GenerateSerializer]
public record Parcel(string To, int Weight);

[GenerateSerializer]
public sealed record HeavyParcel(string To, int Weight, [property: Id(0)] int Carriers) : Parcel(To, Weight);

[GenerateSerializer]
public struct Point
{
    [Id(0)]
    public int X { get; set; }

    [Id(1)]
    public int Y { get; set; }
}

[GenerateSerializer, Immutable]
public sealed record Label(string Text);

public interface IMirrorGrain : IGrainWithStringKey
{
    ValueTask<object?> Reflect(object? value);

    Task<IReadOnlyList<Box>> ReflectList(IReadOnlyList<Box> values);

    Task<IMirrorGrain> ReflectReference(IMirrorGrain grain);

    Task Keep(object value);

    Task KeepShared(Immutable<List<int>> value);

    Task<object?> Kept();

    Task<object?> KeptBy(IMirrorGrain grain);

    Task Overwrite(Box box, int content);
}

internal sealed class MirrorGrain(Probe probe) : Grain, IMirrorGrain
{
    private object? _kept;

    public ValueTask<object?> Reflect(object? value) => new(value);

    public Task<IReadOnlyList<Box>> ReflectList(IReadOnlyList<Box> values) => Task.FromResult(values);

    public Task<IMirrorGrain> ReflectReference(IMirrorGrain grain) => Task.FromResult(grain);

    public Task Keep(object value)
    {
        _kept = value;
        probe.Show($"{this.GetPrimaryKeyString()} kept", value);
        return Task.CompletedTask;
    }

    public Task KeepShared(Immutable<List<int>> value) => Keep(value.Value);

    public Task<object?> Kept() => Task.FromResult(_kept);

    public Task<object?> KeptBy(IMirrorGrain grain) => grain.Kept();

    public Task Overwrite(Box box, int content)
    {
        box.Content = content;
        return Task.CompletedTask;
    }
}
