using Orleans.Runtime;

namespace Orleans;

public static class GrainExtensions
{
    public static GrainId GetGrainId(this IAddressable grain) => Reference(grain).GrainId;

    public static string GetPrimaryKeyString(this IAddressable grain) => Reference(grain).GrainId.Key.ToString();

    /// <summary>A reference to this grain: what to hand out instead of <c>this</c>.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) => (TGrainInterface)(object)Reference(grain).As(typeof(TGrainInterface));

    public static object AsReference(this IAddressable grain, Type interfaceType) => Reference(grain).As(interfaceType);

    /// <summary>The same grain through another of its interfaces. Whether it has that interface shows at the first call.</summary>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();

    public static object Cast(this IAddressable grain, Type interfaceType) => grain.AsReference(interfaceType);

    private static GrainReference Reference(IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainReference reference => reference,
            IGrainBase { GrainContext: { } context } => context.GrainReference,
            _ => throw new ArgumentException($"{grain.GetType()} is neither a grain reference nor a grain that a silo has activated.", nameof(grain)),
        };
    }
}
