namespace Wuts.Api.Answers;

/// <summary>The contract's family of answers with everything under `data`.</summary>
internal sealed record DataAnswer<T>
{
    public bool Success { get; init; } = true;

    public required T Data { get; init; }
}

/// <summary>Done, and nothing else to say.</summary>
internal sealed record DoneAnswer
{
    public bool Success { get; init; } = true;

    public required string Message { get; init; }
}
