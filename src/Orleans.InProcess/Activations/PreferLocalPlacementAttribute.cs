namespace Orleans.Placement;

/// <summary>Grains of this class are activated in the silo that first calls them, where there are several.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PreferLocalPlacementAttribute : Attribute;
