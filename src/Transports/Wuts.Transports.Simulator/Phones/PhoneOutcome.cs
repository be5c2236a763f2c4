namespace Wuts.Transports.Simulator.Phones;

/// <summary>Why a phone's owner could not do something.</summary>
public enum PhoneRefusal
{
    PhoneNotFound,
    PhoneOffline,
    PhoneBanned,
    PhoneNotRegistered,
    PairingCodeUnknown,
    PairingCodeExpired,
    PairingCodeReplaced,
    PairingCodeUsed,
    PairingCodeForOtherNumber,
    DeviceNotLinked,
}

/// <summary>How something that a phone's owner did came out.</summary>
public abstract record PhoneOutcome
{
    private PhoneOutcome()
    {
    }

    public sealed record Paired(string Device, string Jid) : PhoneOutcome;

    public sealed record Unlinked : PhoneOutcome;

    /// <param name="Devices">How many linked devices are told.</param>
    public sealed record Written(string MessageId, int Devices) : PhoneOutcome;

    public sealed record Reported : PhoneOutcome;

    /// <param name="Explanation">A sentence for people.</param>
    public sealed record Refused(PhoneRefusal Reason, string Explanation) : PhoneOutcome;
}
