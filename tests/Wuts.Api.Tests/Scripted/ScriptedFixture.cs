namespace Wuts.Api.Tests.Scripted;

/// <summary>One front end for a class of tests that do not change its script.</summary>
public sealed class ScriptedFixture : IAsyncLifetime
{
    public FrontEnd FrontEnd { get; private set; } = null!;

    public async Task InitializeAsync() => FrontEnd = await FrontEnd.StartAsync();

    public async Task DisposeAsync() => await FrontEnd.DisposeAsync();
}
