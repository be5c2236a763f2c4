using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Wuts.Transports.Simulator.Faults;
using Wuts.Transports.Simulator.Log;

namespace Wuts.Transports.Simulator.Control;

/// <summary>The network's faults and its log.</summary>
internal sealed class NetworkEndpoints(SimulatedNetwork network, Answer answer)
{
    private const int MostLines = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/faults", ShowFaults).Produces<FaultsBody>()
            .WithName("GetNetworkFaults").WithSummary("Shows how slow and unreliable the network is")
            .WithDescription("Latencies are milliseconds, chosen evenly between min and max. Rates are shares of all cases, 0 to 1.");
        routes.MapPut("/faults", ChangeFaultsAsync).Takes<FaultsChange>().Produces<FaultsBody>().Produces<ErrorBody>(400)
            .WithName("ChangeNetworkFaults").WithSummary("Changes how slow and unreliable the network is")
            .WithDescription(
                "Only the fields that are given change, at once, until the process ends. `seed` begins chance anew. "
                + "`error_rate`: sends refused for the moment. `drop_rate`: sends that break their link, taken or not. "
                + "`timeout_after_accept_rate`: sends taken whose answer never comes, given up after `send_timeout_ms`. "
                + "`duplicate_rate`, `reorder_rate`: events brought twice, or late by `reorder_delay_ms`. "
                + "`block_rate`, `report_rate`: messages to strangers whose recipient blocks or reports the sender; `reply_rate`: messages answered with "
                + "`reply_text`. A phone with reactions of its own does not follow these three. `max_per_second`: what a number sends faster is refused "
                + "with the time to wait (0: any number).");
        routes.MapGet("/log", ReadLogAsync).Produces<LogBody>().Produces<ErrorBody>(400)
            .WithName("ReadNetworkLog").WithSummary("Shows what reached the network and happened in it")
            .WithDescription(
                $"Lines numbered above `after` (default 0), up to `limit` (1 to {MostLines}, default 100), oldest first. `kind`, `id` and `device` "
                + "show only such lines; a page may then be short, or empty, before the end: go on from `next` until it is `last_seq`.");
    }

    private JsonHttpResult<FaultsBody> ShowFaults() => Answer.Ok(new FaultsBody(network.Faults));

    private async Task<IResult> ChangeFaultsAsync(HttpRequest request)
    {
        var (change, refusal) = await RequestBody.ReadAsync<FaultsChange>(request, answer);
        if (change is null)
        {
            return refusal!;
        }

        var errors = network.ChangeFaults(change);
        return errors.IsEmpty
            ? Answer.Ok(new FaultsBody(network.Faults))
            : answer.Invalid([.. errors.Select(e => new FieldError(e.Field, e.Message, e.Value))]);
    }

    private async Task<IResult> ReadLogAsync(
        long? after, int? limit, string? kind, string? id, string? device, CancellationToken cancellationToken)
    {
        if (after < 0)
        {
            return answer.Invalid(new FieldError("after", "must not be negative", after));
        }

        if (limit is < 1 or > MostLines)
        {
            return answer.Invalid(new FieldError("limit", $"must be 1 to {MostLines}", limit));
        }

        LogKind? wanted = null;
        if (kind is not null)
        {
            if (!Enum.TryParse<LogKind>(kind.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
            {
                return answer.Invalid(new FieldError("kind", "is no kind of line in the log", kind));
            }

            wanted = parsed;
        }

        var page = await network.ReadLogAsync(after ?? 0, limit ?? 100, new LogFilter(wanted, id, device), cancellationToken);
        return Answer.Ok(new LogBody(page.Entries, page.Next, page.Last));
    }
}
