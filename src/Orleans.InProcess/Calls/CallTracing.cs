using System.Diagnostics;

namespace Orleans.InProcess;

/// <summary>
/// Spans of calls to grains, under the source and the names that Orleans gives them. What a caller is in the middle of becomes the
/// parent of the call's span, which is current in the grain's turns. Without a listener none is made.
/// </summary>
internal sealed class CallTracing : IDisposable
{
    private readonly ActivitySource _source = new("Microsoft.Orleans.Application");

    /// <summary>What a caller is in the middle of, to be kept with its call.</summary>
    public Activity? Caller => _source.HasListeners() ? Activity.Current : null;

    /// <summary>Begins the span of a call whose turn has come. It ends when the grain has answered.</summary>
    public Activity? Start(Call call)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        var span = _source.StartActivity(call.GetActivityName(), ActivityKind.Server, call.Caller?.Context ?? default);
        if (span?.IsAllDataRequested == true)
        {
            span.SetTag("rpc.system", "orleans");
            span.SetTag("rpc.service", call.GetInterfaceName());
            span.SetTag("rpc.method", call.GetMethodName());
        }

        return span;
    }

    public void Dispose() => _source.Dispose();
}
