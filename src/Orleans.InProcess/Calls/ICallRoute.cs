namespace Orleans.InProcess;

/// <summary>Carries calls and answers between simulated silos. Where there is none, a call goes straight to the only silo.</summary>
internal interface ICallRoute
{
    void Send(Call call);

    /// <summary>Brings an answer back. <paramref name="settle"/> gives it to the caller, and must run at most once.</summary>
    void Answer(Call call, Action settle);
}
