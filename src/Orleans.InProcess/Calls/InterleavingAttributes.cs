namespace Orleans.Concurrency;

/// <summary>On a grain class: its requests may all interleave. Turns still never overlap.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>On a method of a grain interface: it may run in between the turns of any other request.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>On a method of a grain interface: it changes nothing, so it may interleave with others that change nothing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>On a method of a grain interface: the caller does not wait, and never learns how it went.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;
