namespace Wuts.Server.Shutdown;

/// <summary>While the process stops, asks clients to close their connections: one that is kept would be cut in the middle of a request.</summary>
internal sealed class ConnectionClosing(Readiness readiness) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, rest) =>
        {
            if (readiness.IsStopping)
            {
                http.Response.Headers.Connection = "close";
            }

            return rest(http);
        });
        next(app);
    };
}
