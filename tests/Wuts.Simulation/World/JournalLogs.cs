using Microsoft.Extensions.Logging;
using Orleans.InProcess.Simulation;

namespace Wuts.Simulation.World;

/// <summary>Brings what a silo logs into the journal of its world.</summary>
internal sealed class JournalLogs(SimulatedNode node, Journal journal) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            journal.Write(node.Name, $"{formatter(state, null)}{(exception is null ? "" : $" [{exception.GetType().Name}: {exception.Message}]")}");
        }
    }

    public void Dispose()
    {
    }
}
