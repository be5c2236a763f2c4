using Wuts.Domain.Delivery;

namespace Wuts.Testing.Checking.Rules;

/// <summary>
/// Once the network has proved something of a message, no stored state says less; what we ended ourselves only proof reopens; and
/// what was acknowledged to the network, or told to a client, shows in the end.
/// </summary>
/// <remarks>
/// <see cref="MessageState.Failed"/> has two meanings: after proof, it is proof itself; before any, it may be our own conclusion,
/// which the weakest proof beats. The timeline tells who said so.
/// </remarks>
internal static class EvidenceOnlyGrows
{
    public static IEnumerable<Violation> Check(Facts facts) =>
        [.. facts.History.Messages.SelectMany(StepsBack), .. Forgotten(facts), .. Unsaid(facts)];

    private static IEnumerable<Violation> StepsBack(StoredMessage row)
    {
        var proven = 0;
        MessageState? end = null;
        foreach (var state in row.States.Add(row.State))
        {
            var proof = state == MessageState.Failed && proven == 0 && !MustBeProof(row) ? 0 : Rank(state);
            if (proof < proven)
            {
                yield return Broken(row.Id, $"{row.Id} went back to {state} after stronger proof: {string.Join(", ", row.States)}; it is {row.State}.");
                yield break;
            }

            if (proof == 0 && end is not null && state != end)
            {
                yield return Broken(row.Id, $"{row.Id} had ended as {end} and became {state} without proof: {string.Join(", ", row.States)}; it is {row.State}.");
                yield break;
            }

            proven = proof;
            end = proof == 0 && IsOurEnd(state) ? state : null;
        }
    }

    private static IEnumerable<Violation> Forgotten(Facts facts) =>
        from receipt in facts.History.Receipts
        let row = facts.Row(receipt.MessageId)
        where row is not null && Proof(row) < Rank(StateOf(receipt.Stage))
        select Broken(row.Id, $"{row.Id}: that it is {receipt.Stage} was acknowledged at {facts.Show(receipt.At)}, and it is {row.State}.");

    private static IEnumerable<Violation> Unsaid(Facts facts) =>
        from request in facts.History.Requests
        let answer = request.Answer as ClientAnswer.Accepted
        where answer is not null && Facts.ProvesHandOver(answer.State)
        let row = facts.Row(answer.MessageId)
        where row is not null && Proof(row) < Rank(answer.State)
        select Broken(row.Id, $"{row.Id}: a client was told {answer.State}, and it is {row.State}.");

    /// <summary>What the network has proved of a message by its last state.</summary>
    private static int Proof(StoredMessage row) =>
        row.State == MessageState.Failed && !row.Timeline.IsEmpty && !FailedAt(row, byNetwork: true) ? 0 : Rank(row.State);

    private static bool MustBeProof(StoredMessage row) => !row.Timeline.IsEmpty && !FailedAt(row, byNetwork: false);

    private static bool FailedAt(StoredMessage row, bool byNetwork) =>
        row.Timeline.Any(e => e.Kind == TimelineKind.Failed && (e.Source == TimelineSource.Network) == byNetwork);

    private static bool IsOurEnd(MessageState state) =>
        state is MessageState.Failed or MessageState.Canceled or MessageState.Rejected or MessageState.Expired;

    private static int Rank(MessageState state) => state switch
    {
        MessageState.Sent => 1,
        MessageState.Failed => 2,
        MessageState.Delivered => 3,
        MessageState.Read => 4,
        MessageState.Played => 5,
        _ => 0,
    };

    private static MessageState StateOf(DeliveryStage stage) => stage switch
    {
        DeliveryStage.Sent => MessageState.Sent,
        DeliveryStage.Failed => MessageState.Failed,
        DeliveryStage.Delivered => MessageState.Delivered,
        DeliveryStage.Read => MessageState.Read,
        _ => MessageState.Played,
    };

    private static Violation Broken(string id, string explanation) => new(Invariant.EvidenceOnlyGrows, id, explanation);
}
