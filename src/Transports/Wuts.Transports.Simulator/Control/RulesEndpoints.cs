using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Simulator.Control;

/// <summary>The rules by which the network rates, restricts and bans numbers.</summary>
internal sealed class RulesEndpoints(SimulatedNetwork network, Answer answer)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rules", Show).Produces<RulesBody>()
            .WithName("GetNetworkRules").WithSummary("Shows by which rules the network rates, restricts and bans numbers")
            .WithDescription(
                "`quality` always holds: a number is `yellow` or `red` from that share of blocks and reports in its last `messages` messages, none older "
                + "than `hours`; the share is of `least_messages` at least. A stranger is a number that never wrote to the sender. With `bans`, a number "
                + "younger than `young_days` days that writes to more than `strangers_per_day` strangers within 24 hours is banned, and one of any age "
                + "with more than `report_share` reported: for `ban_minutes`, again within a week for `repeat_ban_minutes`; both count anew after a ban. "
                + "`new_chat_cap`: first messages to strangers in the 24 hours that begin with one (0: any number); its devices are told when half, a "
                + "tenth and none are left. `reach_out_minutes`: a number that turns red may write to no stranger for so long (0: it may).");
        routes.MapPut("/rules", ChangeAsync).Takes<RulesChange>().Produces<RulesBody>().Produces<ErrorBody>(400)
            .WithName("ChangeNetworkRules").WithSummary("Changes the rules by which the network restricts and bans numbers")
            .WithDescription("Only the fields that are given change, at once, until the process ends. What was done by the old rules stays done.");
    }

    private JsonHttpResult<RulesBody> Show() => Answer.Ok(new RulesBody(network.Rules, new QualityRuleBody()));

    private async Task<IResult> ChangeAsync(HttpRequest request)
    {
        var (change, refusal) = await RequestBody.ReadAsync<RulesChange>(request, answer);
        if (change is null)
        {
            return refusal!;
        }

        var errors = network.ChangeRules(change);
        return errors.IsEmpty ? Show() : answer.Invalid([.. errors.Select(e => new FieldError(e.Field, e.Message, e.Value))]);
    }
}
