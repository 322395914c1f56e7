import { Component, type ReactNode } from 'react';
import { ProblemNotice } from '../parts/problem-notice.tsx';

/** Keeps a fault of one page from taking the whole portal with it. */
export class PageFault extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <ProblemNotice error={error} onRetry={() => this.setState({ error: null })} />;
  }
}
