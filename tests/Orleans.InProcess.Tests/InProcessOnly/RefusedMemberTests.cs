using Orleans.InProcess.Tests.Support;
using Orleans.Serialization;

namespace Orleans.InProcess.Tests.InProcessOnly;

// Orleans would lose a member without an id in silence. Here it is refused, so that the first test shows the mistake.
[Collection(SharedSilo.Name)]
public sealed class RefusedMemberTests(SiloFixture silo)
{
    private readonly IMirrorGrain _grain = silo.Grains.GetGrain<IMirrorGrain>(SiloFixture.NewKey());

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task A_member_without_an_id_is_refused_by_name(object value, string member)
    {
        var exception = await Assert.ThrowsAsync<CodecNotFoundException>(async () => await _grain.Reflect(value));

        Assert.Contains(value.GetType().Name, exception.Message, StringComparison.Ordinal);
        Assert.Contains(member, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_immutable_type_needs_a_serializer_all_the_same()
    {
        await Assert.ThrowsAsync<CodecNotFoundException>(async () => await _grain.Reflect(new ImmutableButUnannotated("x")));
    }

    [Fact]
    public async Task A_base_without_a_serializer_is_refused()
    {
        var exception = await Assert.ThrowsAsync<CodecNotFoundException>(async () => await _grain.Reflect(new DerivedFromUnannotated()));

        Assert.Contains(nameof(UnannotatedBase), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Public_properties_may_count_as_having_ids()
    {
        var back = (WithGeneratedIds)(await _grain.Reflect(new WithGeneratedIds { Name = "x" }))!;

        Assert.Equal("x", back.Name);
    }

    public static TheoryData<object, string> Refused() => new()
    {
        { new WithPropertyWithoutId(), nameof(WithPropertyWithoutId.Forgotten) },
        { new WithFieldWithoutId(), "_forgotten" },
        { new RecordWithPropertyWithoutId("x"), nameof(RecordWithPropertyWithoutId.Forgotten) },
        { new ImmutableWithPropertyWithoutId(), nameof(ImmutableWithPropertyWithoutId.Forgotten) },
    };
}

[GenerateSerializer]
public sealed class WithPropertyWithoutId
{
    [Id(0)]
    public int Kept { get; set; }

    public int Forgotten { get; set; }
}

[GenerateSerializer]
public sealed class WithFieldWithoutId
{
    private readonly int _forgotten = 1;

    public int Value() => _forgotten;
}

[GenerateSerializer]
public sealed record RecordWithPropertyWithoutId(string Kept)
{
    public int Forgotten { get; init; }
}

[GenerateSerializer, Immutable]
public sealed class ImmutableWithPropertyWithoutId
{
    public int Forgotten { get; init; }
}

[Immutable]
public sealed record ImmutableButUnannotated(string Text);

public class UnannotatedBase
{
    public int Forgotten { get; set; }
}

[GenerateSerializer]
public sealed class DerivedFromUnannotated : UnannotatedBase;

[GenerateSerializer(GenerateFieldIds = GenerateFieldIds.PublicProperties)]
public sealed class WithGeneratedIds
{
    public string? Name { get; set; }
}
