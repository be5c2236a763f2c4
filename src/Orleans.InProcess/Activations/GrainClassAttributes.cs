using System.Globalization;
using Orleans.Runtime;

namespace Orleans
{
    /// <summary>The name under which grains of this class are known and stored, whatever the class is called.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class GrainTypeAttribute(string grainType) : Attribute
    {
        internal GrainType GrainType { get; } = GrainType.Create(grainType);
    }

    /// <summary>How long grains of this class may be idle before they are deactivated; at least a minute.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public class CollectionAgeLimitAttribute : Attribute
    {
        public static readonly TimeSpan MinAgeLimit = TimeSpan.FromMinutes(1);

        private readonly TimeSpan? _age;

        public CollectionAgeLimitAttribute()
        {
        }

        public CollectionAgeLimitAttribute(string inactivityPeriod) => _age = TimeSpan.Parse(inactivityPeriod, CultureInfo.InvariantCulture);

        public double Days { get; set; }

        public double Hours { get; set; }

        public double Minutes { get; set; }

        /// <summary>Never collect for being idle.</summary>
        public bool AlwaysActive { get; set; }

        public TimeSpan AgeLimit
        {
            get
            {
                var age = _age ?? TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes);
                return _age is null && age < MinAgeLimit ? MinAgeLimit : age;
            }
        }
    }

    /// <summary>Grains of this class are never deactivated for being idle.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public class KeepAliveAttribute : Attribute;
}

namespace Orleans.Concurrency
{
    /// <summary>
    /// A grain id of this class may have several activations at once, each busy with one request, so it must hold no state of
    /// its own. They are started as the load asks, up to a limit. Default limit: the number of processors.
    /// </summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class StatelessWorkerAttribute(int maxLocalWorkers) : Attribute
    {
        public StatelessWorkerAttribute()
            : this(Environment.ProcessorCount)
        {
        }

        internal int MaxLocalWorkers { get; } = maxLocalWorkers;
    }
}
