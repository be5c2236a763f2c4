namespace Wuts.Testing.Checking.Rules;

/// <summary>No acceptance or claim is stored but under the device's current epoch.</summary>
internal static class Fence
{
    public static IEnumerable<Violation> Check(Facts facts) =>
        from write in facts.History.FencedWrites
        where write.Stored && write.Epoch != write.CurrentEpoch
        select new Violation(
            Invariant.Fence,
            write.MessageId,
            $"{write.MessageId} was written at {facts.Show(write.At)} under epoch {write.Epoch}, while its device was in epoch {write.CurrentEpoch}.");
}
