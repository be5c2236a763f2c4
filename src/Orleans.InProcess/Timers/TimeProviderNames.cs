namespace Orleans.Runtime
{
    /// <summary>
    /// The keys under which the areas of a silo look for their <see cref="TimeProvider"/>. An area without one of its own uses
    /// the silo's.
    /// </summary>
    public static class TimeProviderNames
    {
        /// <summary>Grain timers.</summary>
        public const string Grains = "Orleans.Grains";

        /// <summary>Call timeouts.</summary>
        public const string Messaging = "Orleans.Messaging";

        /// <summary>Idle collection, and the time that activating and deactivating may take.</summary>
        public const string ActivationManagement = "Orleans.ActivationManagement";
    }
}

namespace Orleans.Reminders
{
    public static class ReminderTimeProviderNames
    {
        public const string Reminders = "Orleans.Reminders";
    }
}
