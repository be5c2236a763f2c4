using System.Collections.Immutable;

namespace Wuts.Simulation.Variants;

/// <summary>The mistakes that the checker must see, each of them within 500 seeds.</summary>
internal static class BrokenVariants
{
    public static ImmutableArray<Variant> All { get; } =
    [
        new AnswerBeforeCommit(),
        new UnknownTakenForStored(),
        new MessageLostWhenFlushIsRetried(),
        new NoFence(),
        new EpochNotRaised(),
        new NoVersionCheck(),
        new SessionUnderAnyEpoch(),
        new ClaimNotDurable(),
        new OutcomeNotDurable(),
        new QueueRebuiltFromMemory(),
        new NoSweep(),
        new SweepWithAGap(),
        new ChatForgottenOnRebuild(),
        new RetryThatOvertakes(),
        new DueTimeForgottenOnRebuild(),
        new PlaceCutTo32Bits(),
        new ResendAfterUnknown(),
        new ResendAfterTimeout(),
        new BrokenLinkTakenForRefusal(),
        new WrittenTakenForAnswered(),
        new RefusalTakenForSuccess(),
        new RetryBehindTheBack(),
        new UncertainNeverSettled(),
        new EventsWithoutTheLattice(),
        new ReceiptsAcknowledgedBeforeTheyAreStored(),
        new ReceiptsThatFailAreDropped(),
        new ReceiptsDroppedWhenUnknown(),
        new InboundUnderAnIdOfOurOwn(),
        new OutboxOutsideTheTransaction(),
        new OutboxAheadOfTheTransaction(),
        new WebhookProgressAheadOfDelivery(),
        new WebhookIdNewForEachTry(),
        new WebhookTriedOnce(),
        new AnyAnswerIsADelivery(),
        new IdempotencyInMemory(),
        new PayloadNotCompared(),
        new DelayIgnored(),
        new ConsentNotAskedAtClaim(),
        new ConsentNotAskedAtAcceptance(),
        new KeywordsNotHeard(),
        new OptOutOfAllTenants(),
        new PaceIgnored(),
        new PaceForgottenOnAMove(),
        new ContactsInMemory(),
        new QuotasInMemory(),
        new UsageCountedTwice(),
        new FirstComeFirstServed(),
    ];

    /// <summary>The variant of a name; <c>null</c> if there is none. <c>none</c> is the product as it is.</summary>
    public static Variant? Find(string name) => All.Prepend(new Variant()).FirstOrDefault(variant => variant.Name == name);
}
