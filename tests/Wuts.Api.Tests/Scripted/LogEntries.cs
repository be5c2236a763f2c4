using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Wuts.Api.Tests.Scripted;

/// <summary>Keeps what is logged.</summary>
public sealed class LogEntries : ILoggerProvider
{
    public ConcurrentQueue<(EventId Id, LogLevel Level, string Text)> All { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
        // Nothing to let go of.
    }

    private sealed class Logger(LogEntries entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                entries.All.Enqueue((eventId, logLevel, $"{formatter(state, exception)} {exception}"));
            }
        }
    }
}
